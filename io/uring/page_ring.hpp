// Pages of the pool that the kernel may fill: one for each receive that gets bytes, none for those
// that wait (clause 5).
//
// A fixed number of pages lies with the kernel, whatever the number of streams; each that it fills
// goes to a buffer and is replaced by another of the pool.
#pragma once

#include <quire/buffer/page_pool.hpp>

#include <linux/io_uring.h>

#include <array>
#include <cstdint>

namespace quire::io::uring {

class page_ring {
 public:
  static constexpr unsigned pages_max = 128;
  static constexpr std::uint16_t group = 1;

  page_ring() = default;
  ~page_ring();
  page_ring(page_ring const&) = delete;
  page_ring& operator=(page_ring const&) = delete;

  // 0 or an errno. The pool outlives this.
  [[nodiscard]] int open(int ring, page_pool& pool) noexcept;

  // Pages that the pool has now take the place of those that were missing. False when there is none
  // at all for the kernel to fill.
  bool refill() noexcept;

  // The bytes of the page that a completion names.
  char const* memory(std::uint16_t id) const noexcept { return pages_[id]->first(); }
  // That page; it is the caller's.
  page* take(std::uint16_t id) noexcept;
  // It goes back to the kernel.
  void put_back(std::uint16_t id) noexcept;

 private:
  void provide(std::uint16_t id) noexcept;

  page_pool* pool_ = nullptr;
  io_uring_buf* entries_ = nullptr;
  std::uint16_t tail_ = 0;
  unsigned missing_ = 0;
  std::array<page*, pages_max> pages_{};
  std::array<std::uint16_t, pages_max> free_ids_;
};

}  // namespace quire::io::uring
