// A pool of pages of 4 KiB, cut from slabs of 2 MiB that come from the operating system.
//
// One pool belongs to one thread: no lock, no atomic. acquire() and release() are a few
// instructions; the operating system is asked for a slab (this is the one place in this layer that
// allocates) only when no page is free, or when few are and none of them lie side by side as
// wanted, up to the limit given at construction. Slabs stay until the pool ends.
//
// A slab: its first pages hold the headers of all others, so a page's bytes are aligned to 4 KiB,
// as unbuffered file I/O wants them, and a slab can be registered with the kernel whole. A slab is
// aligned to its size, so every address in it tells which one it is. From the second one on a slab
// is a large page of the operating system, where that has one to spare: so that the processor finds
// the addresses of many pages that are used at random. The first is of small ones: who needs few
// pages takes no more memory than these.
//
// Pages go back to their own slab, and are taken from one slab as long as it has any that were used
// before: so pages that are acquired one after the other lie in one slab for the most part, however
// long the pool has been used, as a read into registered memory wants them. Pages that nobody has
// had yet are the last to go one by one, for they lie in order: who will keep what it reads may ask
// for pages that lie side by side.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/buffer/page.hpp>

#include <cstddef>
#include <cstdint>
#include <span>

namespace quire {

class page_pool {
 public:
  static constexpr std::size_t page_size = 4096;
  static constexpr std::size_t slab_size = std::size_t{2} << 20;
  // A header has a line of the processor's cache of its own.
  static constexpr std::size_t header_size = 64;
  static constexpr std::size_t header_pages = (slab_size / page_size * header_size) / page_size + 1;
  static constexpr std::size_t pages_per_slab = slab_size / page_size - header_pages;

  // A pool that never takes more than `bytes_max` from the operating system, rounded up to a slab.
  explicit page_pool(std::size_t bytes_max) noexcept;
  ~page_pool();
  page_pool(page_pool const&) = delete;
  page_pool& operator=(page_pool const&) = delete;

  // An empty page; nullptr when the limit is reached or the operating system gives no more memory.
  [[nodiscard]] page* acquire() noexcept {
    if (current_->free == nullptr && !find_free()) return nullptr;
    page* const p = current_->free;
    current_->free = p->next_;
    --current_->free_count;
    p->next_ = nullptr;
    ++in_use_;
    return p;
  }

  // The next so many pages come from one slab if one that has them is found at a look at a few.
  void keep_together(std::size_t count) noexcept {
    if (current_->free_count < count) change_slab(count);
    std::size_t const listed = current_->free_count - current_->new_count;
    if (listed < count) use_new(*current_, count - listed);
  }
  // So many empty pages that lie side by side, in their order. False, and none is taken, when such
  // are not found at a look at a few, and no slab may be had for them: for want of memory, or because
  // too many pages are free, a slab's and a sixteenth of those in use. Cost: a look at some
  // dozens of pages at most. Requires: 0 < pages.size() <= pages_per_slab.
  [[nodiscard]] bool acquire_side_by_side(std::span<page*> pages) noexcept;

  // Takes a page back. Requires: it came from this pool and is in no buffer.
  void release(page* p) noexcept {
    p->clear();
    free(*p);
    --in_use_;
  }

  // Memory that somebody else takes from the operating system, and that counts within the limit.
  // What slabs leave no room for takes the place of free pages, whose memory the operating system
  // gets back meanwhile: a call to it for each, so no more than a slab at a time. Pages of slabs that
  // are pinned stay. False when so much is not left.
  [[nodiscard]] bool set_aside(std::size_t size) noexcept;
  void give_back(std::size_t size) noexcept;
  std::size_t bytes_set_aside() const noexcept { return set_aside_; }

  // Pages that were acquired and not released.
  std::size_t in_use() const noexcept { return in_use_; }
  // Bytes taken from the operating system.
  std::size_t bytes() const noexcept { return slab_count_ * slab_size; }
  std::size_t bytes_max() const noexcept { return slab_count_max_ * slab_size; }

  // Stands at the start of its memory.
  struct slab {
    slab* next = nullptr;
    page* free = nullptr;  // The first of those that nobody has, but for the new ones.
    std::size_t free_count = 0;
    std::size_t new_count = 0;  // Of these, the last ones, that nobody has had.
    slab* next_other = nullptr;
    // Somebody else, as the kernel, knows its memory by more than its addresses: none of it may be
    // given back to the operating system. Set by whoever hands the memory over.
    bool pinned = false;
  };
  // The slabs, newest first, for registration with the kernel: start with nullptr, end at nullptr.
  slab* next_slab(slab const* s) const noexcept { return s == nullptr ? slabs_ : s->next; }
  static mutable_span memory(slab const* s) noexcept;

 private:
  slab* add_slab() noexcept;
  bool grow() noexcept;
  bool find_free() noexcept;
  static bool use_new(slab& s, std::size_t count) noexcept;
  bool change_slab(std::size_t count) noexcept;
  void make_current(slab& s) noexcept;
  slab* take_newest(std::size_t count) noexcept;
  static page* take_side_by_side(slab& s, std::size_t count) noexcept;
  void add_other(slab& s) noexcept {
    s.next_other = others_;
    others_ = &s;
  }
  // Makes a page one that nobody has.
  void free(page& p) noexcept {
    slab& s = slab_of(p);
    p.next_ = s.free;
    s.free = &p;
    if (s.free_count++ == 0 && &s != current_) add_other(s);
  }
  // The header of a page lies in the slab of its bytes.
  static slab& slab_of(page& p) noexcept {
    return *reinterpret_cast<slab*>(reinterpret_cast<std::uintptr_t>(&p) & ~(slab_size - 1));
  }
  // Pages that have to be lent when so much is set aside.
  std::size_t pages_to_lend(std::size_t set_aside) const noexcept;
  std::size_t pages_that_can_be_lent() const noexcept;
  void lend_from(slab& s, std::size_t lent) noexcept;

  slab none_;  // Before there is any.
  slab* current_ = &none_;
  slab* others_ = nullptr;  // That have free pages, besides current_.
  page* lent_ = nullptr;    // Pages in whose place what is set aside is there.
  slab* slabs_ = nullptr;
  std::size_t in_use_ = 0;
  std::size_t slab_count_ = 0;
  std::size_t slab_count_max_;
  std::size_t set_aside_ = 0;
  std::size_t lent_count_ = 0;
};

}  // namespace quire
