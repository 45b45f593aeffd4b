// The usual elements in contiguous memory, found in marks and by word compares.
//
// Takes an element only when it lies whole in sight and has nothing unusual about it; everything
// else, errors among it, is left to the grammar (grammar.hpp), which judges it from the start. So
// this may be removed without changing what is accepted, and the tests compare the two.
#pragma once

#include <quire/parser/content.hpp>
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

// What was found. `need_more` says: nothing usual, the grammar is to read the element; nothing was
// consumed. A value, so that all of it can live in registers.
struct usual_element {
  result what = result::need_more;
  node_type type = node_type::none;
  std::uint16_t id = 0;
  char const* from = nullptr;
  char const* to = nullptr;
  char const* next = nullptr;
};

struct usual_step {
  parser_state& state;
  limits const& limit;
  policy const& lenient;
  scan_window& window;
  char const* const first;
  char const* const last;

  [[gnu::always_inline]] inline std::size_t left() const noexcept {
    return static_cast<std::size_t>(last - first);
  }

  [[gnu::always_inline]] inline usual_element emit(node_type type, char const* from, char const* to,
                                                   char const* next, phase then,
                                                   std::uint16_t id = 0) const noexcept {
    state.offset += static_cast<std::uint64_t>(next - first);
    state.at = then;
    window.go_on_at(next);
    return {result::ok, type, id, from, to, next};
  }

  // The grammar finds the error and reports it.
  [[gnu::always_inline]] inline usual_element fail(error_code code,
                                                   std::size_t index) const noexcept {
    state.at = phase::failed;
    state.error = code;
    state.error_element = node_type::field_value;
    state.error_offset = state.offset + index;
    return {};
  }
};

[[gnu::always_inline]] inline usual_element read_usual_method(usual_step const& s) noexcept {
  if (s.state.is_response || s.left() < 8) return {};
  char const* const end = s.window.token_end(s.first);
  auto const size = static_cast<std::size_t>(end - s.first);
  if (size - 1 >= 7 || size > s.limit.method_length_max || *end != ' ') return {};
  std::uint64_t const word = first_octets(load8(s.first), size);
  method const m = word == method_words[1] ? method::get : known_method(word);
  s.state.begin_message();
  s.state.method = m;
  s.state.line_length = static_cast<std::uint32_t>(size + 1);
  return s.emit(node_type::method, s.first, end, end + 1, phase::target,
                static_cast<std::uint16_t>(m));
}

// origin-form without percent-encoding.
[[gnu::always_inline]] inline usual_element read_usual_target(usual_step const& s) noexcept {
  if (s.left() < 8 || *s.first != '/' || s.state.method == method::connect) return {};
  char const* end = s.first + plain_target_octets(load8(s.first));
  if (end == s.first + 8) end = scan::find_end<character_class::target>(end, s.last);
  auto const size = static_cast<std::size_t>(end - s.first);
  if (end == s.last || *end != ' ' || size > s.limit.target_length_max ||
      s.state.line_length + size > s.limit.request_line_length_max) {
    return {};
  }
  s.state.line_length += static_cast<std::uint32_t>(size + 1);
  return s.emit(node_type::target, s.first, end, end + 1, phase::version);
}

inline constexpr std::uint64_t word_http_1_1 = word_of("HTTP/1.1");
inline constexpr std::uint64_t word_http_1_0 = word_of("HTTP/1.0");

// HTTP-version CRLF.
[[gnu::always_inline]] inline usual_element read_usual_version(usual_step const& s) noexcept {
  if (s.left() < 10 || load2(s.first + 8) != crlf) return {};
  std::uint64_t const word = load8(s.first);
  if (word != word_http_1_1 && word != word_http_1_0) return {};
  if (s.state.line_length + 8 > s.limit.request_line_length_max) return {};
  s.state.minor_version = word == word_http_1_1;
  s.state.section_end = s.state.offset + 10 + s.limit.field_section_length_max;
  return s.emit(node_type::version, s.first, s.first + 8, s.first + 10, phase::field_name,
                s.state.minor_version);
}

// The end of the head of a request that has no body and does not close: nothing to decide.
[[gnu::always_inline]] inline usual_element read_usual_fields_end(usual_step const& s) noexcept {
  bool const plain = !s.state.is_response && s.state.minor_version != 0 &&
                     s.state.method != method::connect && !s.state.has_content_length &&
                     !s.state.has_transfer_encoding && !s.state.connection_close &&
                     (s.state.has_host || s.lenient.any_host);
  if (!plain || s.left() < 2 || load2(s.first) != crlf) return {};
  s.state.keep_alive = true;
  char const* const next = s.first + 2;
  return s.emit(node_type::fields_end, next, next, next, phase::end);
}

[[gnu::always_inline]] inline usual_element read_usual_name(usual_step const& s) noexcept {
  char const* end = s.window.token_end(s.first);
  if (end >= s.window.end() && s.window.end() != s.last) [[unlikely]] {
    s.window.fill(s.first, s.last);
    end = s.window.token_end(s.first);
  }
  if (end >= s.window.end()) return {};
  auto const size = static_cast<std::size_t>(end - s.first);
  if (size == 0) return read_usual_fields_end(s);
  if (*end != ':' || size > s.limit.field_name_length_max || size > s.limit.field_line_length_max ||
      s.state.offset + size > s.state.section_end ||
      s.state.field_count >= s.limit.field_count_max) {
    return {};
  }
  field_id const id =
      size <= known_name_length_max ? field_id_of(s.first, size, s.left()) : field_id::other;
  ++s.state.field_count;
  s.state.field = static_cast<std::uint8_t>(id);
  s.state.line_length = static_cast<std::uint32_t>(size + 1);
  return s.emit(node_type::field_name, s.first, end, end + 1, phase::field_value,
                static_cast<std::uint16_t>(id));
}

// note_framing_field(), with the most frequent value of all first.
[[gnu::always_inline]] inline verdict note_usual_field(usual_step const& s, field_id id,
                                                       char const* from, char const* end) noexcept {
  static constexpr std::uint64_t front = word_of("keep-ali");
  static constexpr std::uint64_t back = word_of("ep-alive");
  if (id == field_id::connection && end - from == 10 && (load8(from) | bit_5) == front &&
      (load8(from + 2) | bit_5) == back) {
    s.state.connection_keep_alive = true;
    return {};
  }
  return note_framing_field(s.state, s.limit, s.lenient, id, from, end);
}

[[gnu::always_inline]] inline usual_element read_usual_value(usual_step const& s) noexcept {
  char const* from = s.first;
  if (from < s.window.end() && *from == ' ') ++from;
  char const* end = s.window.value_end(from);
  if (end >= s.window.end()) [[unlikely]] {
    if (s.window.end() == s.last) return {};
    end = scan::find_end<character_class::field_value>(s.window.end(), s.last);
  }
  if (s.last - end < 2 || load2(end) != crlf || s.lenient.obs_fold) return {};
  auto const size = static_cast<std::size_t>(end - s.first);
  if (s.state.line_length + size > s.limit.field_line_length_max ||
      s.state.offset + size > s.state.section_end) {
    return {};
  }
  if (end == from || is_white_space(*from) || is_white_space(end[-1])) return {};
  auto const id = static_cast<field_id>(s.state.field);
  if (is_framing_field(id)) {
    verdict const v = note_usual_field(s, id, from, end);
    if (v.code != error_code::none) {
      return s.fail(v.code, static_cast<std::size_t>(from - s.first) + v.index);
    }
  }
  return s.emit(node_type::field_value, from, end, end + 2, phase::field_name, s.state.field);
}

// The end of a message that another one may follow.
[[gnu::always_inline]] inline usual_element read_usual_end(usual_step const& s) noexcept {
  if (s.state.is_response || !s.state.keep_alive || s.state.hands_over) return {};
  s.state.empty_lines = 0;
  usual_element end = s.emit(node_type::end, s.first, s.first, s.first, phase::start);
  end.what = result::done;
  return end;
}

// The data of a chunk whose size has at most eight digits and no extension; with what ends the one
// before. All of the line must be in sight, and one octet of data at least.
inline usual_element read_usual_chunk(usual_step const& s) noexcept {
  char const* p = s.first;
  if (s.left() < 16) return {};
  if (s.state.at == phase::chunk_data_cr) {
    if (load2(p) != crlf) return {};
    p += 2;
  } else if (s.state.chunk_digits != 0) {
    return {};
  }
  std::uint64_t size = 0;
  char const* const digits = p;
  for (; is(character_class::hex_digit, *p); ++p) {
    if (p - digits == 8) return {};
    size = size * 16 + hex_value(*p);
  }
  if (static_cast<std::uint32_t>(p - digits) > s.limit.chunk_size_digits_max) return {};
  if (p == digits || size == 0 || load2(p) != crlf) return {};
  if (size > s.limit.content_length_max - s.state.content_length) return {};
  p += 2;
  auto const there = static_cast<std::uint64_t>(s.last - p);
  std::uint64_t const taken = there < size ? there : size;
  if (taken == 0) return {};
  s.state.content_length += size;
  s.state.content_left = size - taken;
  s.state.chunk_digits = 0;
  return s.emit(node_type::content, p, p + taken, p + taken,
                taken == size ? phase::chunk_data_cr : phase::chunk_data);
}

// Reads an element if it is a usual one.
[[gnu::always_inline]] inline usual_element read_usual(usual_step const& s) noexcept {
  if (!s.window.covers(s.first, s.last)) [[unlikely]] {
    if (s.state.at > phase::end || s.state.scanned != 0) return {};
    s.window.fill(s.first, s.last);
  }
  phase const at = s.state.at;
  if (at == phase::field_name) return read_usual_name(s);
  if (at == phase::field_value) return read_usual_value(s);
  switch (at) {
    case phase::start:
      return read_usual_method(s);
    case phase::target:
      return read_usual_target(s);
    case phase::version:
      return read_usual_version(s);
    case phase::end:
      return read_usual_end(s);
    default:
      return {};
  }
}

}  // namespace quire::http::detail
