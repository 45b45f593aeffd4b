// The usual lines of a head in contiguous memory, found many at a time by the scan kernel and then
// handed out one a call.
//
// What is looked ahead over is judged at once: the state is that behind the last line that was
// found, and `found_lines` says how far `first` is from there. Everything unusual, errors among it,
// is left to the grammar (grammar.hpp), which is complete without this; so this may be removed
// without changing what is accepted, and the tests compare the two.
//
// Costs 450 octets. No call of find_lines() looks at more than it finds and one line more, so that
// a head in pieces still costs linear time.
#pragma once

#include <quire/parser/content.hpp>
#include <quire/parser/found_line.hpp>
#include <quire/parser/framing.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/node.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>
#include <quire/parser/scan.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace quire::http::detail {

// How many octets may be searched at once so that no limit is passed; 0: none.
struct search_windows {
  std::uint32_t at_start;
  std::uint32_t at_field;

  explicit search_windows(limits const& limit) noexcept {
    bool const usual = limit.method_length_max >= scan::method_length_always &&
                       limit.field_name_length_max >= scan::field_name_length_always;
    at_field =
        usual ? std::min<std::uint32_t>(limit.field_line_length_max, found_line_length_max) : 0;
    at_start = std::min({at_field, limit.request_line_length_max, limit.target_length_max,
                         limit.field_section_length_max});
  }

  std::uint64_t of(parser_state const& state) const noexcept {
    if (state.at == phase::start) return at_start;
    if (state.offset >= state.section_end) return 0;
    return std::min<std::uint64_t>(at_field, state.section_end - state.offset);
  }
};

class found_lines {
 public:
  explicit found_lines(limits const& limit) noexcept : windows_(limit) {}

  search_windows const& windows() const noexcept { return windows_; }

  // To be read member by member: a load of all of it at once would wait until what find_lines() has
  // stored has left the store buffer.
  [[gnu::always_inline]] inline found_line const& front() const noexcept { return lines_[next_]; }
  [[gnu::always_inline]] inline void pop_front() noexcept { ++next_; }

  bool empty() const noexcept { return front().what == 0; }
  void clear() noexcept {
    next_ = 0;
    lines_[0].what = 0;
  }

  // Octets from `first` to behind the last line.
  std::size_t length() const noexcept {
    std::size_t sum = 0;
    for (std::size_t i = next_; lines_[i].what != 0; ++i) sum += lines_[i].step;
    return sum;
  }

  // To be filled.
  found_line* refill() noexcept {
    next_ = 0;
    return lines_.data();
  }

 private:
  search_windows windows_;
  std::uint32_t next_ = 0;
  std::array<found_line, scan::found_lines_max> lines_{};
};

// What a parser over other iterators has in its place.
struct nothing_found {
  explicit nothing_found(limits const&) noexcept {}
};

// Adds the end of the head to the lines in front of `end` if nothing is wrong with it, else leaves
// it to the grammar.
inline void note_head_end(parser_state& state, policy const& lenient, found_line* end) noexcept {
  if (decide_framing(state, lenient) != error_code::none) return;
  state.at = phase_behind_head(state.framing);
  state.offset += 2;
  end[-1].step += 2;
  end[0] = {static_cast<std::uint32_t>(node_type::fields_end), 0, 0, 0, 0};
  end[1].what = 0;
}

// Finds what there is of usual lines at the start of [first, last). False: nothing.
//
// Requires: a line starts at `first`, and nothing of it was looked at.
inline bool look_ahead(parser_state& state, limits const& limit, policy const& lenient,
                       found_lines& found, char const* first, char const* last) noexcept {
  std::uint64_t const window = found.windows().of(state);
  if (static_cast<std::uint64_t>(last - first) > window) last = first + window;
  if (static_cast<std::size_t>(last - first) < scan::find_lines_min ||
      (lenient.obs_fold && state.is_response)) {
    return false;
  }
  found_line* const lines = found.refill();
  scan::lines_found const all = scan::active_kernel().find_lines(state, limit, lines, first, last);
  if (all.is_head_end) note_head_end(state, lenient, all.end);
  return all.end != lines;
}

// The data of a chunk whose size has at most eight digits and no extension; with what ends the one
// before. All of the line must be in sight, and one octet of data at least. False: nothing was
// read.
inline bool read_usual_chunk(parser_state& state, limits const& limit, char const*& first,
                             char const* last, node<char const*>& out) noexcept {
  char const* p = first;
  if (last - p < 16) return false;
  if (state.at == phase::chunk_data_cr) {
    if (load2(p) != crlf) return false;
    p += 2;
  } else if (state.chunk_digits != 0) {
    return false;
  }
  std::uint64_t size = 0;
  char const* const digits = p;
  for (; is(character_class::hex_digit, *p); ++p) {
    if (p - digits == 8) return false;
    size = size * 16 + hex_value(*p);
  }
  if (static_cast<std::uint32_t>(p - digits) > limit.chunk_size_digits_max) return false;
  if (p == digits || size == 0 || load2(p) != crlf) return false;
  if (size > limit.content_length_max - state.content_length) return false;
  p += 2;
  std::uint64_t const taken = std::min(static_cast<std::uint64_t>(last - p), size);
  if (taken == 0) return false;
  state.content_length += size;
  state.content_left = size - taken;
  state.chunk_digits = 0;
  state.at = taken == size ? phase::chunk_data_cr : phase::chunk_data;
  out = {node_type::content, 0, 0, 0, static_cast<std::size_t>(taken), 0, p};
  state.offset += static_cast<std::uint64_t>(p + taken - first);
  first = p + taken;
  return true;
}

}  // namespace quire::http::detail
