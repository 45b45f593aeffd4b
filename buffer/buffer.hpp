// A buffer: a queue of bytes held in a chain of pages.
//
// Bytes are written behind and read in front. Whoever uses the buffer pushes empty (or filled)
// pages behind and pops pages that were read; the buffer allocates nothing and owns no memory.
//
// Invariants:
//   1. Readable bytes lie in the pages in order: [read, write) of each page, front to back.
//   2. No page behind write_page_ holds a readable byte.
//   3. size() is the sum of readable() of all pages.
//   4. offset() counts every byte that was ever read out, so that a position in the stream of bytes
//      keeps its number whatever happens to the pages. A page up to write_page_ knows its own.
//
// Iterators stay valid while the page that they point into stays in the buffer: pushing pages and
// writing bytes never invalidates one.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/buffer/page.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <span>

namespace quire {

class buffer {
 public:
  class iterator;
  class page_iterator;

  buffer() = default;
  buffer(buffer const&) = delete;
  buffer& operator=(buffer const&) = delete;

  bool empty() const noexcept { return size_ == 0; }
  // Readable bytes.
  std::size_t size() const noexcept { return size_; }
  // Number of the first readable byte in the stream of all bytes that went through.
  std::uint64_t offset() const noexcept { return offset_; }
  bool has_pages() const noexcept { return front_ != nullptr; }

  // Appends a page; what it holds already becomes readable. Free space of the pages before it is no
  // longer written to once the page holds bytes.
  inline void push(page* p) noexcept;

  // Takes away the front page and gives it back, with whatever it still holds; nullptr if there is
  // none.
  inline page* pop() noexcept;

  // Takes away the front page if all that it held was read and nothing more will be written into
  // it; nullptr otherwise. The last page goes only when it is full.
  inline page* pop_consumed() noexcept;

  // Takes away the last page if it holds nothing; nullptr otherwise. Gives back what a scatter read
  // did not fill.
  page* pop_unwritten() noexcept;

  // Writable bytes behind the last readable one.
  std::size_t writable() const noexcept;
  // Fills `out` with the free space in order; returns how many entries were used.
  std::size_t scatter(std::span<mutable_span> out) noexcept;
  // n bytes were written into the free space, in order. Requires: n <= writable().
  inline void commit_write(std::size_t n) noexcept;

  // Fills `out` with the readable runs in order; returns how many entries were used.
  std::size_t gather(std::span<const_span> out) const noexcept;
  // The first n bytes were read. Their pages stay until they are popped. Requires: n <= size().
  inline void commit_read(std::size_t n) noexcept;

  // Bytes.
  inline iterator begin() const noexcept;
  inline iterator end() const noexcept;
  // Contiguous runs, as const_span. No run is empty.
  inline page_iterator pages_begin() const noexcept;
  inline page_iterator pages_end() const noexcept;

 private:
  // The next byte is written to *p, or nowhere if that is nullptr. Requires: `number` bytes went
  // through before it.
  inline void write_to(page* p, std::uint64_t number) noexcept;

  page* front_ = nullptr;
  page* back_ = nullptr;
  page* write_page_ = nullptr;  // The first page that commit_write() would write to.
  std::size_t size_ = 0;
  std::uint64_t offset_ = 0;
};

// A byte of a buffer. Two iterators are equal when they have the same number in the stream of
// bytes, so the end of one page and the start of the next are the same position. Bidirectional by
// its category; distance and advance by n need no walk over bytes (one step a page).
class buffer::iterator {
 public:
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = char const*;
  using reference = char const&;

  iterator() = default;
  // Requires: position lies in *p, or at the end of what was written to it.
  iterator(page const* p, char const* position) noexcept
      : page_(p), address_(reinterpret_cast<std::uintptr_t>(position)) {}

  reference operator*() const noexcept {
    if (position() != page_->write_position()) [[likely]]
      return *position();
    return *next_readable(page_)->read_position();
  }

  iterator& operator++() noexcept {
    if (position() == page_->write_position()) {
      *this = at_byte();
    }
    ++address_;
    return *this;
  }
  iterator& operator--() noexcept {
    if (position() == page_->read_position()) {
      page const* const before = previous_readable(page_);
      *this = {before, before->write_position()};
    }
    --address_;
    return *this;
  }
  iterator operator++(int) noexcept {
    iterator const before = *this;
    ++*this;
    return before;
  }
  iterator operator--(int) noexcept {
    iterator const before = *this;
    --*this;
    return before;
  }
  // Moves n bytes on. Cost: one step a page.
  iterator& operator+=(difference_type n) noexcept;
  friend iterator operator+(iterator it, difference_type n) noexcept { return it += n; }
  friend difference_type operator-(iterator const& a, iterator const& b) noexcept {
    if (a.page_ == b.page_) [[likely]]
      return static_cast<difference_type>(a.address_ - b.address_);
    return static_cast<difference_type>(a.offset() - b.offset());
  }
  friend bool operator==(iterator const& a, iterator const& b) noexcept {
    if (a.page_ == b.page_) [[likely]]
      return a.address_ == b.address_;
    return a.offset() == b.offset();
  }

  // Number of this byte in the stream of bytes; 0 for the end of a buffer without pages.
  std::uint64_t offset() const noexcept { return page_ != nullptr ? page_->base_ + address_ : 0; }

  // The bytes from here to the end of the page in which the byte lies; empty at the end of the
  // buffer.
  const_span run() const noexcept {
    if (page_ == nullptr) return {};
    if (position() != page_->write_position()) [[likely]] {
      return {position(), static_cast<std::size_t>(page_->write_position() - position())};
    }
    for (page const* p = page_->next(); p != nullptr; p = p->next()) {
      if (p->readable() != 0) return {p->read_position(), p->readable()};
    }
    return {};
  }

  // Where this points: into page(), or at the end of it; nullptr for the end of a buffer without
  // pages.
  page const* current_page() const noexcept { return page_; }
  char const* position() const noexcept { return reinterpret_cast<char const*>(address_); }
  // The iterator to `p`. Requires: p lies in current_page(), or at the end of what was written to
  // it.
  iterator in_page_at(char const* p) const noexcept { return {page_, p}; }
  // Moves n bytes on. Requires: current_page() has so many from here.
  void advance_in_page(std::size_t n) noexcept { address_ += n; }
  // The same position, but at the start of the next page that holds bytes if this is the end of
  // one. Requires: this is not the end of the buffer.
  iterator at_byte() const noexcept {
    if (position() != page_->write_position()) return *this;
    page const* const next = next_readable(page_);
    return {next, next->read_position()};
  }

 private:
  friend class buffer;

  static page const* next_readable(page const* p) noexcept {
    do p = p->next();
    while (p->readable() == 0);
    return p;
  }
  static page const* previous_readable(page const* p) noexcept {
    do p = p->previous();
    while (p->readable() == 0);
    return p;
  }

  page const* page_ = nullptr;
  // Of position(). Were it a pointer as page_ is, g++ would copy both through a vector register,
  // and take them apart again for each line that the parser hands out.
  std::uintptr_t address_ = 0;
};

class buffer::page_iterator {
 public:
  using iterator_category = std::forward_iterator_tag;
  using value_type = const_span;
  using difference_type = std::ptrdiff_t;
  using pointer = void;
  using reference = const_span;

  page_iterator() = default;
  explicit page_iterator(page const* p) noexcept : page_(p) { skip_empty(); }

  const_span operator*() const noexcept { return {page_->read_position(), page_->readable()}; }
  page_iterator& operator++() noexcept {
    page_ = page_->next();
    skip_empty();
    return *this;
  }
  page_iterator operator++(int) noexcept {
    page_iterator const before = *this;
    ++*this;
    return before;
  }
  friend bool operator==(page_iterator const&, page_iterator const&) = default;

 private:
  void skip_empty() noexcept {
    while (page_ != nullptr && page_->readable() == 0) page_ = page_->next();
  }
  page const* page_ = nullptr;
};

inline void buffer::push(page* p) noexcept {
  assert(p->next_ == nullptr && p->previous_ == nullptr && p != back_);
  p->previous_ = back_;
  if (back_ != nullptr) {
    back_->next_ = p;
  } else {
    front_ = p;
  }
  back_ = p;
  size_ += p->readable();
  if (p->readable() != 0 || write_page_ == nullptr) write_to(p, offset_ + size_);
}

inline void buffer::write_to(page* p, std::uint64_t number) noexcept {
  write_page_ = p;
  if (p != nullptr) p->base_ = number - reinterpret_cast<std::uintptr_t>(p->write_);
}

inline page* buffer::pop() noexcept {
  page* const p = front_;
  if (p == nullptr) return nullptr;
  offset_ += p->readable();
  size_ -= p->readable();
  front_ = p->next_;
  if (front_ != nullptr) {
    front_->previous_ = nullptr;
  } else {
    back_ = nullptr;
  }
  if (write_page_ == p) write_to(front_, offset_ + size_);
  p->next_ = nullptr;
  return p;
}

inline page* buffer::pop_consumed() noexcept {
  if (front_ == nullptr || front_->readable() != 0) return nullptr;
  if (front_ == write_page_ && front_->writable() != 0) return nullptr;
  return pop();
}

inline void buffer::commit_write(std::size_t n) noexcept {
  assert(n <= writable());
  size_ += n;
  while (n != 0) {
    std::size_t const here = std::min(n, write_page_->writable());
    write_page_->commit_write(here);
    n -= here;
    if (n != 0) write_to(write_page_->next_, offset_ + size_ - n);
  }
}

inline void buffer::commit_read(std::size_t n) noexcept {
  assert(n <= size_);
  size_ -= n;
  offset_ += n;
  for (page* p = front_; n != 0; p = p->next_) {
    std::size_t const here = std::min(n, p->readable());
    p->commit_read(here);
    n -= here;
  }
}

inline buffer::iterator buffer::begin() const noexcept {
  if (empty()) [[unlikely]]
    return end();
  page const* p = front_;
  while (p->readable() == 0) p = p->next();
  return {p, p->read_position()};
}

inline buffer::iterator buffer::end() const noexcept {
  if (write_page_ == nullptr) [[unlikely]]
    return {};
  return {write_page_, write_page_->write_position()};
}

inline buffer::page_iterator buffer::pages_begin() const noexcept {
  return page_iterator(front_);
}

inline buffer::page_iterator buffer::pages_end() const noexcept {
  return page_iterator();
}

}  // namespace quire
