// The usual elements of a head in contiguous memory, found in marks and word compares.
//
// Takes an element only when it lies whole in the window and has nothing unusual about it;
// everything else, errors among it, is left to the grammar (grammar.hpp), which judges it from the
// start. So this may be removed without changing what is accepted, and the tests compare the two.
#pragma once

#include <quire/parser/field_line.hpp>
#include <quire/parser/framing.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/node.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>
#include <quire/parser/scan_window.hpp>
#include <quire/parser/word.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>

namespace quire::http::detail {

struct usual_step {
  parser_state& state;
  limits const& limit;
  policy const& lenient;
  scan_window& window;
  char const*& first;
  char const* const last;
  node<char const*>& out;

  [[gnu::always_inline]] inline bool emit(node_type type, char const* from, char const* to,
                                          char const* next, phase then,
                                          std::uint16_t id = 0) noexcept {
    out.type = type;
    out.id = id;
    out.first = from;
    out.last = to;
    state.offset += static_cast<std::uint64_t>(next - first);
    state.at = then;
    window.go_on_at(next);
    first = next;
    return true;
  }

  // The grammar reports it.
  void fail(error_code code, std::size_t index) noexcept {
    state.at = phase::failed;
    state.error = code;
    state.error_element = node_type::field_value;
    state.error_offset = state.offset + index;
  }
};

inline constexpr std::uint16_t crlf = std::endian::native == std::endian::little ? 0x0a0d : 0x0d0a;

[[gnu::always_inline]] inline bool read_usual_name(usual_step& s) noexcept {
  char const* end = s.window.token_end(s.first);
  if (end >= s.window.end() && s.window.end() != s.last) [[unlikely]] {
    s.window.fill(s.first, s.last);
    end = s.window.token_end(s.first);
  }
  std::size_t const size = static_cast<std::size_t>(end - s.first);
  if (size == 0 || end >= s.window.end() || *end != ':') return false;
  if (size > s.limit.field_name_length_max || s.state.field_count >= s.limit.field_count_max)
    return false;
  field_id const id = size <= known_name_length_max
                          ? field_id_of(s.first, size, static_cast<std::size_t>(s.last - s.first))
                          : field_id::other;
  ++s.state.field_count;
  s.state.field = static_cast<std::uint8_t>(id);
  s.state.line_length = static_cast<std::uint32_t>(size + 1);
  return s.emit(node_type::field_name, s.first, end, end + 1, phase::field_value,
                static_cast<std::uint16_t>(id));
}

[[gnu::always_inline]] inline bool read_usual_value(usual_step& s) noexcept {
  char const* from = s.first;
  if (from < s.window.end() && *from == ' ') ++from;
  char const* end = s.window.value_end(from);
  if (end >= s.window.end()) {
    if (s.window.end() == s.last) return false;
    end = scan::find_end<character_class::field_value>(s.window.end(), s.last);
  }
  if (s.last - end < 2 || load2(end) != crlf || s.lenient.obs_fold) return false;
  std::size_t const size = static_cast<std::size_t>(end - s.first);
  if (s.state.line_length + size > s.limit.field_line_length_max ||
      s.state.offset + size > s.state.section_end) {
    return false;
  }
  if (end == from || is_white_space(*from) || is_white_space(end[-1])) return false;
  auto const id = static_cast<field_id>(s.state.field);
  if (is_framing_field(id)) {
    verdict const v = note_framing_field(s.state, s.limit, s.lenient, id, from, end);
    if (v.code != error_code::none) {
      s.fail(v.code, static_cast<std::size_t>(from - s.first) + v.index);
      return false;
    }
  }
  return s.emit(node_type::field_value, from, end, end + 2, phase::field_name, s.state.field);
}

// Reads an element if it is a usual one. False: the grammar is to read it, nothing was consumed.
[[gnu::always_inline]] inline bool read_usual(parser_state& state, limits const& limit,
                                              policy const& lenient, scan_window& window,
                                              char const*& first, char const* last,
                                              node<char const*>& out) noexcept {
  if (state.at > phase::field_value || state.scanned != 0) return false;
  if (!window.covers(first, last)) [[unlikely]]
    window.fill(first, last);
  usual_step s{state, limit, lenient, window, first, last, out};
  return state.at == phase::field_name ? read_usual_name(s) : read_usual_value(s);
}

}  // namespace quire::http::detail
