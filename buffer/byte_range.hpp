// A range of bytes of a buffer: what the buffer parser reports.
//
// Costs three words an end; owns nothing. Valid while its pages stay in the buffer.
#pragma once

#include <quire/buffer/buffer.hpp>

#include <cstddef>
#include <span>
#include <string_view>

namespace quire {

struct byte_range {
  buffer::iterator first;
  buffer::iterator last;

  std::size_t size() const noexcept { return static_cast<std::size_t>(last - first); }
  bool empty() const noexcept { return first == last; }

  // True when all bytes lie in one page.
  bool is_contiguous() const noexcept { return empty() || first.run().size >= size(); }

  // The bytes as one run: in place when they lie in one page, else copied into `scratch`.
  // Requires: scratch.size() >= size(), or is_contiguous().
  std::string_view contiguous(std::span<char> scratch) const noexcept {
    if (empty()) return {};
    if (const_span const run = first.run(); run.size >= size()) [[likely]]
      return {run.data, size()};
    return copied(scratch);
  }

  // Copies all bytes to `out`, which has room for size() of them; returns the end of the copy.
  char* copy_to(char* out) const noexcept;

 private:
  std::string_view copied(std::span<char> scratch) const noexcept;
};

}  // namespace quire
