// The usual lines of a head in contiguous memory, found many at a time by the scan kernel and then
// handed out one a call.
//
// What is looked ahead over is judged at once: the state is that behind the last line that was
// found, and look_ahead_memory says how far `first` is from there. Everything unusual, errors among
// it, is left to the grammar (grammar.hpp), which is complete without this; so this may be removed
// without changing what is accepted, and the tests compare the two.
//
// Costs 550 octets. No call of find_lines() looks at more than it finds and one line more, so that
// a head in pieces still costs linear time.
#pragma once

#include <quire/parser/content.hpp>
#include <quire/parser/framing.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/node.hpp>
#include <quire/parser/parser_memory.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/scan.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace quire::http::detail {

// Decides how a head goes on that was found to its end; leaves the end to the grammar if something
// is wrong with it.
inline void note_head_end(look_ahead_memory& memory) noexcept {
  parser_state& state = memory.state;
  if (decide_framing(state, memory.lenient) != error_code::none) {
    found_line* end = memory.lines;
    while (type_of(*end) != node_type::fields_end) ++end;
    end->what = 0;
    end[-1].step -= 2;
    return;
  }
  state.at = phase_behind_head(state.framing);
  state.offset += 2;
}

// Finds what there is of usual lines at the start of [first, last), if that is where a request
// starts. False: look_ahead_on() may find some.
[[gnu::always_inline]] inline bool look_ahead(look_ahead_memory& memory, char const* first,
                                              char const* last) noexcept {
  return memory.state.is_before_request() &&
         scan::active_kernel().find_request(memory, first, last) == scan::found::lines;
}

// The same where other lines start; and ends a head whose lines look_ahead() has found. False:
// nothing was found.
[[gnu::noinline]] inline bool look_ahead_on(look_ahead_memory& memory, char const* first,
                                            char const* last) noexcept {
  parser_state const& state = memory.state;
  if (!memory.has_found()) {
    if (state.scanned != 0) return false;
    auto const found = scan::active_kernel().find_lines(memory, first, last);
    if (found != scan::found::head_end) return found == scan::found::lines;
  }
  note_head_end(memory);
  return true;
}

// The data of a chunk whose size has at most eight digits and no extension; with what ends the one
// before. All of the line must be in sight, and one octet of data at least. False: nothing was
// read.
inline bool read_usual_chunk(look_ahead_memory& memory, char const*& first, char const* last,
                             node<char const*>& out) noexcept {
  parser_state& state = memory.state;
  limits const& limit = *memory.limit;
  char const* p = first;
  if (last - p < 16) return false;
  if (state.at == phase::chunk_data_cr) {
    if (load2(p) != crlf) return false;
    p += 2;
  } else if (state.chunk_digits != 0) {
    return false;
  }
  std::uint64_t size = 0;
  char const* const most = p + std::min(limit.chunk_size_digits_max, std::uint32_t{8});
  for (int value; p != most && (value = hex_value(*p)) >= 0; ++p) {
    size = size * 16 + static_cast<unsigned>(value);
  }
  if (size == 0 || load2(p) != crlf) return false;  // As when there is a digit more.
  if (size > limit.content_length_max - state.content_length) return false;
  p += 2;
  std::uint64_t const taken = std::min(static_cast<std::uint64_t>(last - p), size);
  if (taken == 0) return false;
  state.content_length += size;
  state.content_left = size - taken;
  state.chunk_digits = 0;
  // Written only when it changes: a narrow store would hold up is_before_request().
  if (phase const at = taken == size ? phase::chunk_data_cr : phase::chunk_data; state.at != at) {
    state.at = at;
  }
  out = {node_type::content, 0, 0, 0, static_cast<std::size_t>(taken), 0, p};
  state.offset += static_cast<std::uint64_t>(p + taken - first);
  first = p + taken;
  return true;
}

}  // namespace quire::http::detail
