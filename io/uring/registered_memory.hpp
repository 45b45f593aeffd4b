// Slabs of the page pool that are registered with the kernel (io_uring_register(2)): a direct read
// names the slab, and the kernel need not look up, pin and unpin every page that it reads into.
//
// Registered memory is locked, and counts against RLIMIT_MEMLOCK; so a slab is registered at the
// first read after the pool has got it, not at the start, and only so many are. Whatever is not
// registered, because it is not of the pool, because there are enough or because the kernel
// refuses, is read into as ever: nobody is told of a failure here. Nothing is allocated and nothing
// locked; find() costs a few instructions for each span.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/buffer/page_pool.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>

namespace quire::io::uring {

class registered_memory {
 public:
  // IORING_OP_READV_FIXED, of Linux 6.15; younger than the headers of some systems that this is
  // built on.
  static constexpr unsigned char readv_fixed = 60;

  // Of one ring: 64 MiB, with which 256 responses are read and sent at the same time.
  static constexpr std::size_t slabs_max = 32;
  static constexpr int none = -1;

  registered_memory() = default;
  ~registered_memory();
  registered_memory(registered_memory const&) = delete;
  registered_memory& operator=(registered_memory const&) = delete;

  // The ring is not enabled yet, or this is its thread; it and the pool outlive the last find(). At
  // most `slabs` are registered.
  void open(int ring, page_pool& pool, std::size_t slabs = slabs_max) noexcept;

  // The number (buf_index) of the slab in which all of these spans lie, if it is registered and one
  // read can fill them by that number; else none. More than one span takes readv_fixed.
  int find(std::span<mutable_span const> spans) noexcept {
    if (spans.empty() || (spans.size() != 1 && !has_vectors_)) return none;
    std::uintptr_t const slab = address_of(spans.front()) & ~(page_pool::slab_size - 1);
    for (mutable_span const& s : spans) {
      // Less than the slab wraps around. The kernel refuses empty spans.
      std::uintptr_t const offset = address_of(s) - slab;
      if (offset >= page_pool::slab_size || s.size - 1 >= page_pool::slab_size - offset) {
        return none;
      }
    }
    std::size_t i = place_of(slab);
    if (slabs_[i] != slab && pool_->bytes() != seen_) {
      register_new();
      i = place_of(slab);
    }
    return slabs_[i] == slab ? static_cast<int>(i) : none;
  }

  // How many are registered.
  std::size_t size() const noexcept { return size_; }

 private:
  // So many places have the tables, the kernel's and this one; half of them stay empty, so that a
  // search ends soon.
  static constexpr std::size_t places = 2 * slabs_max;

  static std::uintptr_t address_of(mutable_span const& s) noexcept {
    return reinterpret_cast<std::uintptr_t>(s.data);
  }
  // Where this slab is, or an empty place.
  std::size_t place_of(std::uintptr_t slab) const noexcept {
    std::size_t i = slab / page_pool::slab_size % places;
    while (slabs_[i] != slab && slabs_[i] != 0) i = (i + 1) % places;
    return i;
  }
  void register_new() noexcept;
  bool add(page_pool::slab& slab) noexcept;

  int ring_ = -1;
  bool has_vectors_ = false;
  page_pool const* pool_ = nullptr;
  std::size_t seen_ = 0;   // Of the pool's bytes.
  std::size_t limit_ = 0;  // Slabs; falls to what there is when the kernel refuses more.
  std::size_t size_ = 0;
  std::array<std::uintptr_t, places> slabs_{};
};

}  // namespace quire::io::uring
