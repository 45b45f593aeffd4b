// What a scan kernel offers: one table of functions for each instruction set.
//
// A kernel classifies octets many at a time. All kernels give the same answers; scan.hpp chooses
// the widest that the processor has, once. No function here reads an octet outside of [first,
// last).
//
// This header holds nothing inline: the sources that are compiled for an instruction set include
// it, and what they emit must never be linked into code that runs on other processors.
#pragma once

#include <quire/parser/found_line.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/parser_state.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::http::scan {

// Octets that a call to find_lines() must be given at least.
inline constexpr std::size_t find_lines_min = 16;

// Lines that one call to find_lines() finds at most, besides the start line: field lines.
inline constexpr std::size_t found_fields_max = 24;
// The start line, those, fields_end, end, and the one of type `none` behind all.
inline constexpr std::size_t found_lines_max = found_fields_max + 4;

// Limits that find_lines() does not look at: it is called only where they are not smaller.
inline constexpr std::uint32_t method_length_always = 8;
inline constexpr std::uint32_t field_name_length_always = 64;

struct lines_found {
  found_line* end;   // Behind the last one that was found; what stands there has the type `none`.
  bool is_head_end;  // An empty line follows, which is not among them.
};

struct kernel {
  char const* name;

  // Finds whole lines that have nothing unusual about them: start line, then field lines, up to the
  // end of the head, and of a request without content up to its end. Stops in front of the first
  // line that is cut off, unusual or wrong; what it finds is right. Writes them to `lines`, which
  // has room for found_lines_max, with one of type `none` behind the last, and takes them into the
  // state. Costs time linear in the octets of what it finds, and of the line that it stops at.
  //
  // Requires: the state is at a start line or a field line, which starts at `first`; find_lines_min
  // octets at least, and so few that no limit on the length of a line or the section is passed.
  lines_found (*find_lines)(http::detail::parser_state& state, limits const& limit,
                            found_line* lines, char const* first, char const* last) noexcept;

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
