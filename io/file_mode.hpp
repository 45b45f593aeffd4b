// How a file is read: through the system's cache, through it without filling it, or past it
// (clauses 19 and 20 of contract.hpp).
#pragma once

#include <quire/buffer/memory_span.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace quire::io {

enum class file_mode : std::uint8_t {
  buffered,  // Through the cache; what was read stays in it for the next reader.
  uncached,  // From the cache what it holds; what the disk had to bring leaves it again.
  direct,    // From the disk into the spans, past the cache; aligned.
};

// The enumerator's name: "direct".
constexpr std::string_view name(file_mode m) noexcept {
  return m == file_mode::direct ? "direct" : m == file_mode::uncached ? "uncached" : "buffered";
}

// Clause 20: whether a file with this alignment (a power of two) can be read so.
inline bool is_aligned(std::uint64_t offset, std::span<mutable_span const> spans,
                       std::size_t alignment) noexcept {
  std::uint64_t bits = offset;
  for (mutable_span const& s : spans) bits |= reinterpret_cast<std::uintptr_t>(s.data) | s.size;
  return (bits & (alignment - 1)) == 0;
}

}  // namespace quire::io
