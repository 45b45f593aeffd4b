// The usual lines of a head in contiguous memory, found many at a time by the scan kernel and then
// handed out one element a call.
//
// What is looked ahead over is judged at once: the state is that behind the last element that was
// found, and `found_elements` says how far `first` is from there. Everything unusual, errors among
// it, is left to the grammar (grammar.hpp), which is complete without this; so this may be removed
// without changing what is accepted, and the tests compare the two.
//
// Costs 440 octets. No call of find_lines() looks at more than it finds and one line more, so that
// a head in pieces still costs linear time.
#pragma once

#include <quire/parser/content.hpp>
#include <quire/parser/found_element.hpp>
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

class found_elements {
 public:
  // To be read member by member: a load of all of it at once would wait until what find_lines() has
  // stored has left the store buffer.
  [[gnu::always_inline]] inline found_element const& front() const noexcept {
    return elements_[next_];
  }
  [[gnu::always_inline]] inline void pop_front() noexcept { ++next_; }

  bool empty() const noexcept { return front().type == node_type::none; }
  void clear() noexcept {
    next_ = 0;
    elements_[0].type = node_type::none;
  }

  // Octets from `first` to behind the last element.
  std::size_t length() const noexcept {
    std::size_t sum = 0;
    for (std::size_t i = next_; elements_[i].type != node_type::none; ++i) sum += elements_[i].step;
    return sum;
  }

  // To be filled; ended() says how many there are then.
  found_element* refill() noexcept {
    next_ = 0;
    return elements_.data();
  }
  void ended(std::size_t count) noexcept { elements_[count].type = node_type::none; }

 private:
  std::uint32_t next_ = 0;
  // Besides those of lines: fields_end, end, and the one of type `none` behind all.
  std::array<found_element, scan::found_elements_max + 3> elements_{};
};

// What a parser over other iterators has in its place.
struct nothing_found {};

// Takes in the fields that are left to be looked into. False: one is wrong, and the elements end in
// front of its value.
inline bool note_found_fields(scan::line_search const& s, scan::lines_found const& lines,
                              policy const& lenient, found_elements& found) noexcept {
  for (std::size_t i = 0; i < lines.note_count; ++i) {
    scan::found_note const& note = s.notes[i];
    found_element const& element = s.elements[note.element];
    char const* const value = s.first + note.offset;
    verdict const v = note_framing_field(
        s.state, s.limit, lenient, static_cast<field_id>(element.id), value, value + element.size);
    if (v.code == error_code::none) continue;
    s.state.at = phase::failed;
    s.state.error = v.code;
    s.state.error_element = node_type::field_value;
    s.state.error_offset = s.state.offset + note.offset + v.index;
    s.state.offset += note.offset;
    found.ended(note.element);
    return false;
  }
  return true;
}

// Takes in the end of the head if nothing is wrong with it, else leaves it to the grammar. Of a
// message without a body the end, too, if another message may follow it.
inline void note_head_end(scan::line_search const& s, scan::lines_found& lines,
                          policy const& lenient) noexcept {
  parser_state& state = s.state;
  if (decide_framing(state, lenient) != error_code::none) return;
  std::uint32_t count = lines.element_count;
  lines.length += 2;
  found_element& before = s.elements[count - 1];
  before.step = static_cast<std::uint16_t>(before.step + 2);
  s.elements[count++] = {0, 0, 0, node_type::fields_end};
  state.at = phase_behind_head(state.framing);
  if (state.at == phase::end && !state.is_response && state.keep_alive && !state.hands_over) {
    s.elements[count++] = {0, 0, 0, node_type::end};
    state.empty_lines = 0;
    state.at = phase::start;
  }
  lines.element_count = count;
}

// Finds what there is of usual lines at the start of [first, last). False: nothing.
//
// Requires: a line starts at `first`, and nothing of it was looked at.
inline bool look_ahead(parser_state& state, limits const& limit, policy const& lenient,
                       found_elements& found, char const* first, char const* last) noexcept {
  if (static_cast<std::size_t>(last - first) < scan::find_lines_min ||
      (lenient.obs_fold && state.is_response)) {
    return false;
  }
  scan::found_note notes[scan::found_notes_max];
  scan::line_search const s = {state, limit, first, last, found.refill(), notes};
  scan::lines_found lines;
  scan::active_kernel().find_lines(s, lines);
  if (lines.element_count == 0) {
    found.ended(0);
    return false;
  }
  state.at = phase::field_name;
  if (lines.note_count != 0 && !note_found_fields(s, lines, lenient, found)) return true;
  if (lines.is_head_end) note_head_end(s, lines, lenient);
  state.offset += lines.length;
  found.ended(lines.element_count);
  return true;
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
  out = {node_type::content, 0, p, p + taken};
  state.offset += static_cast<std::uint64_t>(p + taken - first);
  first = p + taken;
  return true;
}

}  // namespace quire::http::detail
