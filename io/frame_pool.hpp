// Memory for the frames of coroutines, cut out of the pages of a pool. For one thread.
//
// Blocks of 64 octets to a page, in powers of two, each size on a free list of its own. What was
// given back is used again, so that a steady state takes nothing new; the pages go back to their
// pool when this ends. Frames that are larger than a page are refused.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>

#include <array>
#include <bit>
#include <cassert>
#include <cstddef>
#include <new>

namespace quire::io {

class frame_pool {
 public:
  explicit frame_pool(page_pool& pages) noexcept : pages_(pages) {}
  // Requires: every frame is back. Their pages are written to no more.
  ~frame_pool() {
    assert(in_use_ == 0);
    while (page* const p = held_.pop()) pages_.release(p);
  }
  frame_pool(frame_pool const&) = delete;
  frame_pool& operator=(frame_pool const&) = delete;

  // Aligned as by operator new; nullptr when there is no page or `size` is more than one.
  [[nodiscard]] void* allocate(std::size_t size) noexcept {
    if (size > page_pool::page_size) return nullptr;
    std::size_t const c = class_of(size);
    if (free_[c] == nullptr && !cut_page(c)) return nullptr;
    block* const b = free_[c];
    free_[c] = b->next;
    ++in_use_;
    return b;
  }
  // Requires: allocate() of the same size gave it.
  void deallocate(void* memory, std::size_t size) noexcept {
    block*& first = free_[class_of(size)];
    first = ::new (memory) block{first};
    --in_use_;
  }

  std::size_t in_use() const noexcept { return in_use_; }

 private:
  struct block {
    block* next;
  };
  static constexpr std::size_t size_min = 64;
  static constexpr std::size_t classes = 7;
  static_assert(size_min << (classes - 1) == page_pool::page_size);

  static std::size_t class_of(std::size_t size) noexcept {
    return size <= size_min ? 0 : std::bit_width(size - 1) - std::bit_width(size_min - 1);
  }

  bool cut_page(std::size_t c) noexcept {
    page* const p = pages_.acquire();
    if (p == nullptr) return false;
    for (char* at = p->first(); at != p->last(); at += size_min << c) {
      free_[c] = ::new (static_cast<void*>(at)) block{free_[c]};
    }
    held_.push(p);
    return true;
  }

  page_pool& pages_;
  buffer held_;  // Only keeps the pages.
  std::array<block*, classes> free_{};
  std::size_t in_use_ = 0;
};

}  // namespace quire::io
