// What a scan kernel offers: one table of functions for each instruction set.
//
// A kernel classifies octets many at a time. All kernels give the same answers; scan.hpp chooses
// the widest that the processor has, once. No function here reads an octet outside of [first,
// last).
//
// This header holds nothing inline: the sources that are compiled for an instruction set include
// it, and what they emit must never be linked into code that runs on other processors.
#pragma once

#include <quire/parser/found_element.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/parser_state.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::http::scan {

// Octets that a call to find_lines() must be given at least.
inline constexpr std::size_t find_lines_min = 16;

// Field lines that one call to find_lines() finds at most, and the elements that this can make.
inline constexpr std::size_t found_fields_max = 24;
inline constexpr std::size_t found_elements_max = 3 + 2 * found_fields_max;
// Of these fields, those that are left to be looked into.
inline constexpr std::size_t found_notes_max = 8;

// A field that the parser acts on: where its value lies.
struct found_note {
  std::uint32_t offset;   // Of the value, from `first`.
  std::uint16_t element;  // Index of the value in `elements`.
};

// What find_lines() works on.
struct line_search {
  http::detail::parser_state& state;  // At a start line or a field line.
  limits const& limit;
  char const* first;  // Where that line starts.
  char const* last;
  found_element* elements;  // Room for found_elements_max.
  found_note* notes;        // Room for found_notes_max.
};

struct lines_found {
  std::uint32_t length;  // Of all lines that were found.
  std::uint32_t element_count;
  std::uint32_t note_count;
  bool is_head_end;  // An empty line follows.
};

struct kernel {
  char const* name;

  // Finds the elements of whole lines that have nothing unusual about them: start line, then field
  // lines, up to the end of the head. Stops in front of the first line that is cut off, unusual or
  // wrong; what it finds is right. Takes what it finds into the state, but for `at`, `offset` and
  // the fields that it notes. Costs time linear in the octets of what it finds, and of the line
  // that it stops at. Requires: find_lines_min octets at least.
  void (*find_lines)(line_search const& search, lines_found& found) noexcept;

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
