// What a scan kernel offers: one table of functions for each instruction set.
//
// A kernel classifies octets many at a time. All kernels give the same answers; kernel() chooses
// the widest that the processor has, once. No function here reads an octet outside of [first,
// last).
//
// This header holds nothing inline: the sources that are compiled for an instruction set include
// it, and what they emit must never be linked into code that runs on other processors.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quire::http::scan {

// Octets that one call to classify() covers at most, and words of 64 marks that it writes.
inline constexpr std::size_t window_size = 512;
inline constexpr std::size_t window_words = window_size / 64;

struct kernel {
  char const* name;

  // Bit i of the words is set when octet i is no tchar, or cannot stand in a field value. Words
  // that start before `size` are written; bits from `size` on are set. Requires: size <=
  // window_size.
  void (*classify)(char const* first, std::size_t size, std::uint64_t* not_token,
                   std::uint64_t* not_value) noexcept;

  // The first octet that is not of the class, or last.
  char const* (*find_token_end)(char const* first, char const* last) noexcept;
  char const* (*find_value_end)(char const* first, char const* last) noexcept;
  char const* (*find_target_end)(char const* first, char const* last) noexcept;
};

extern kernel const scalar_kernel;
#if defined(__x86_64__) || defined(_M_X64)
extern kernel const sse42_kernel;
extern kernel const avx2_kernel;
extern kernel const avx512_kernel;
#elif defined(__aarch64__)
extern kernel const neon_kernel;
#endif

// The kernels that this processor can run, the widest last. Ends with nullptr.
kernel const* const* available_kernels() noexcept;

}  // namespace quire::http::scan
