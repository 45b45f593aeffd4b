// A page: a run of memory that somebody else owns, with a reading and a writing position.
//
// The header lies apart from the bytes, so that the bytes can be aligned for unbuffered file I/O
// and given to the kernel whole. A page is linked into at most one list at a time: the free list of
// its pool, a list of pages, or one buffer. It owns nothing and frees nothing.
//
// Invariant: first <= read <= write <= last.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quire {

class page {
 public:
  page() = default;

  // A page over [first, last), empty. Whoever made the memory keeps it alive.
  constexpr page(char* first, char* last) noexcept
      : first_(first), last_(last), read_(first), write_(first) {}

  // Linked pages are known by their address.
  page(page const&) = delete;
  page& operator=(page const&) = delete;

  char* first() const noexcept { return first_; }
  char* last() const noexcept { return last_; }
  char const* read_position() const noexcept { return read_; }
  char* write_position() const noexcept { return write_; }

  std::size_t capacity() const noexcept { return static_cast<std::size_t>(last_ - first_); }
  std::size_t readable() const noexcept { return static_cast<std::size_t>(write_ - read_); }
  std::size_t writable() const noexcept { return static_cast<std::size_t>(last_ - write_); }

  // Both positions go back to the start: nothing to read, everything to write.
  void clear() noexcept { read_ = write_ = first_; }

  // Requires: n <= writable().
  void commit_write(std::size_t n) noexcept { write_ += n; }
  // Requires: n <= readable().
  void commit_read(std::size_t n) noexcept { read_ += n; }

  page* next() const noexcept { return next_; }
  page* previous() const noexcept { return previous_; }

 private:
  friend class buffer;
  friend class page_list;
  friend class page_pool;

  char* first_ = nullptr;
  char* last_ = nullptr;
  char* read_ = nullptr;
  char* write_ = nullptr;
  page* next_ = nullptr;
  page* previous_ = nullptr;
  // The number of a byte in the stream of its buffer less its address: the same for all of a page.
  // Known from when the buffer writes to the page.
  std::uint64_t base_ = 0;
};

}  // namespace quire
