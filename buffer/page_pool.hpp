// A pool of pages of 4 KiB, cut from slabs of 1 MiB that come from the operating system.
//
// One pool belongs to one thread: no lock, no atomic. acquire() and release() are a few
// instructions; only acquire() on an empty free list asks the operating system for a slab (this is
// the one place in this layer that allocates), up to the limit given at construction. Slabs stay
// until the pool ends.
//
// A slab: its first pages hold the headers of all others, so a page's bytes are aligned to 4 KiB,
// as unbuffered file I/O wants them, and a slab can be registered with the kernel whole.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/buffer/page.hpp>

#include <cstddef>
#include <cstdint>

namespace quire {

class page_pool {
 public:
  static constexpr std::size_t page_size = 4096;
  static constexpr std::size_t slab_size = std::size_t{1} << 20;
  static constexpr std::size_t header_pages =
      (slab_size / page_size * sizeof(page)) / page_size + 1;
  static constexpr std::size_t pages_per_slab = slab_size / page_size - header_pages;

  // A pool that never takes more than `bytes_max` from the operating system, rounded up to a slab.
  explicit page_pool(std::size_t bytes_max) noexcept;
  ~page_pool();
  page_pool(page_pool const&) = delete;
  page_pool& operator=(page_pool const&) = delete;

  // An empty page; nullptr when the limit is reached or the operating system gives no more memory.
  [[nodiscard]] page* acquire() noexcept {
    if (free_ == nullptr && !grow()) return nullptr;
    page* const p = free_;
    free_ = p->next_;
    p->next_ = nullptr;
    ++in_use_;
    return p;
  }

  // Takes a page back. Requires: it came from this pool and is in no buffer.
  void release(page* p) noexcept {
    p->clear();
    p->next_ = free_;
    free_ = p;
    --in_use_;
  }

  // Memory that somebody else takes from the operating system, and that counts within the limit.
  // What slabs leave no room for takes the place of free pages, whose memory the operating system
  // gets back meanwhile: a call to it for each, so no more than a slab at a time. False when so much
  // is not left.
  [[nodiscard]] bool set_aside(std::size_t size) noexcept;
  void give_back(std::size_t size) noexcept;
  std::size_t bytes_set_aside() const noexcept { return set_aside_; }

  // Pages that were acquired and not released.
  std::size_t in_use() const noexcept { return in_use_; }
  // Bytes taken from the operating system.
  std::size_t bytes() const noexcept { return slab_count_ * slab_size; }
  std::size_t bytes_max() const noexcept { return slab_count_max_ * slab_size; }

  // The slabs, newest first, for registration with the kernel: start with nullptr, end at nullptr.
  struct slab;
  slab const* next_slab(slab const* s) const noexcept;
  static mutable_span memory(slab const* s) noexcept;

 private:
  bool grow() noexcept;
  // Pages that have to be lent when so much is set aside.
  std::size_t pages_to_lend(std::size_t set_aside) const noexcept;

  page* free_ = nullptr;
  page* lent_ = nullptr;  // Free, but what is set aside is there in their place.
  slab* slabs_ = nullptr;
  std::size_t in_use_ = 0;
  std::size_t slab_count_ = 0;
  std::size_t slab_count_max_;
  std::size_t set_aside_ = 0;
  std::size_t lent_count_ = 0;
};

}  // namespace quire
