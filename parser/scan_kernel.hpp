// What a scan kernel offers: one table of functions for each instruction set.
//
// A kernel classifies octets many at a time. All kernels give the same answers; scan.hpp chooses
// the widest that the processor has, once. No function here reads an octet outside of [first,
// last).
//
// Nothing that this header offers to kernels may be inline and not always inlined: the sources that
// are compiled for an instruction set include it, and what they emit must never be linked into code
// that runs on other processors.
#pragma once

#include <quire/parser/parser_memory.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::http::scan {

// In fewer octets nothing is found.
inline constexpr std::size_t find_lines_min = 16;

enum class found : std::uint8_t {
  nothing,
  lines,     // From the first of the lines of the memory on.
  head_end,  // The same, up to the empty line; what that means for the state is not decided.
};

// Of 32 octets of Host at most, bit i for octet i: which are neither a name's nor a colon, which
// are digits, and which colons.
struct host_marks {
  std::uint32_t other;
  std::uint32_t digit;
  std::uint32_t colon;
};

struct kernel {
  char const* name;

  // Finds whole lines that have nothing unusual about them: start line, then field lines, up to the
  // end of the head, and of a request without content up to its end. Stops in front of the first
  // line that is cut off, unusual or wrong; what it finds is right. Writes them to `memory`, with
  // one of type `none` behind the last, and takes them into the state. Costs time linear in the
  // octets of what it finds, and of the line that it stops at.
  //
  // Requires: the state is at a start line or a field line, which starts at `first`.
  found (*find_lines)(http::detail::look_ahead_memory& memory, char const* first,
                      char const* last) noexcept;
  // The same for requests of the most usual kind, sooner; `nothing` says nothing of others.
  // Requires: the state is before a request.
  found (*find_request)(http::detail::look_ahead_memory& memory, char const* first,
                        char const* last) noexcept;

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
