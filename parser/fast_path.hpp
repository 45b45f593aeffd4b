// The usual elements in contiguous memory, one at a time, found by compares of words and small
// vectors, inlined. For where little is there; look_ahead.hpp does the same for many elements.
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
#include <quire/parser/octet_block.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>
#include <quire/parser/scan.hpp>
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

// What is longer is left to a scan kernel.
inline constexpr std::ptrdiff_t inline_length_max = 64;

// The method that a word starts with, with one SP behind it.
inline method method_at(std::uint64_t word) noexcept {
  for (std::size_t i = 1; i < method_names.size(); ++i) {
    std::size_t const size = method_names[i].size();
    std::uint64_t const with_space = method_words[i] | std::uint64_t{' '} << (8 * size);
    std::uint64_t const others = size == 7 ? 0 : ~std::uint64_t{0} << (8 * (size + 1));
    if ((word & ~others) == with_space) return static_cast<method>(i);
  }
  return method::other;
}

[[gnu::always_inline]] inline usual_element read_usual_method(usual_step const& s) noexcept {
  if (s.state.is_response || s.left() < 8) return {};
  std::uint64_t const word = load8(s.first);
  std::size_t size = 3;
  method m = method::get;
  if (static_cast<std::uint32_t>(word) != word_get) [[unlikely]] {
    m = method_at(word);
    if (m == method::other) return {};
    size = to_string(m).size();
  }
  if (size > s.limit.method_length_max) return {};
  s.state.begin_message();
  s.state.method = m;
  s.state.line_length = static_cast<std::uint32_t>(size + 1);
  char const* const end = s.first + size;
  return s.emit(node_type::method, s.first, end, end + 1, phase::target,
                static_cast<std::uint16_t>(m));
}

// origin-form without percent-encoding.
[[gnu::always_inline]] inline usual_element read_usual_target(usual_step const& s) noexcept {
  if (s.first == s.last || *s.first != '/' || s.state.method == method::connect) return {};
  char const* end = s.first;
  for (std::size_t n = octet_block::width; n == octet_block::width; end += n) {
    if (end - s.first >= inline_length_max) {
      end = scan::find_end<character_class::target>(end, s.last);
      break;
    }
    n = block_within(end, s.last).target_stop();
  }
  auto const size = static_cast<std::size_t>(end - s.first);
  if (end == s.last || *end != ' ' || size > s.limit.target_length_max ||
      s.state.line_length + size > s.limit.request_line_length_max) {
    return {};
  }
  s.state.line_length += static_cast<std::uint32_t>(size + 1);
  return s.emit(node_type::target, s.first, end, end + 1, phase::version);
}

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
// Requires: CRLF at `first`.
[[gnu::always_inline]] inline usual_element read_usual_fields_end(usual_step const& s) noexcept {
  bool const plain = !s.state.is_response && s.state.minor_version != 0 &&
                     s.state.method != method::connect && !s.state.has_content_length &&
                     !s.state.has_transfer_encoding && !s.state.connection_close &&
                     (s.state.has_host || s.lenient.any_host);
  if (!plain) return {};
  s.state.keep_alive = true;
  char const* const next = s.first + 2;
  return s.emit(node_type::fields_end, next, next, next, phase::end);
}

[[gnu::always_inline]] inline usual_element read_usual_name(usual_step const& s) noexcept {
  if (s.left() < 2) return {};
  if (load2(s.first) == crlf) return read_usual_fields_end(s);
  std::size_t size = block_within(s.first, s.last).name_stop();
  for (std::size_t n = size; n == octet_block::width && size < known_name_length_max; size += n) {
    n = block_within(s.first + size, s.last).name_stop();
  }
  char const* const end = s.first + size;
  if (size == 0 || end == s.last || *end != ':' || size > s.limit.field_name_length_max ||
      size > s.limit.field_line_length_max || s.state.offset + size > s.state.section_end ||
      s.state.field_count >= s.limit.field_count_max || size > known_name_length_max) {
    return {};
  }
  // A name that is known has token characters only.
  field_id const id = field_id_of(s.first, size, s.left());
  if (id == field_id::other && scan::find_end<character_class::token>(s.first, end) != end) {
    return {};
  }
  ++s.state.field_count;
  s.state.field = static_cast<std::uint8_t>(id);
  s.state.line_length = static_cast<std::uint32_t>(size + 1);
  return s.emit(node_type::field_name, s.first, end, end + 1, phase::field_value,
                static_cast<std::uint16_t>(id));
}

// Letters, digits, "-" and ".", perhaps a port behind them. Requires: a line end at `end`, in front of `last`.
[[gnu::always_inline]] inline bool is_usual_host(char const* from, char const* end,
                                                 char const* last) noexcept {
  std::size_t n = octet_block::width;
  for (; n == octet_block::width; from += n) n = block_within(from, last).host_stop();
  if (from == end) return true;
  if (*from != ':') return false;
  do ++from;
  while (from != end && is(character_class::digit, *from));
  return from == end;
}

// note_framing_field(), with the most frequent values first.
[[gnu::always_inline]] inline verdict note_usual_field(usual_step const& s, field_id id,
                                                       char const* from, char const* end) noexcept {
  static constexpr std::uint64_t front = word_of("keep-ali");
  static constexpr std::uint64_t back = word_of("ep-alive");
  if (id == field_id::connection && end - from == 10 && (load8(from) | bit_5) == front &&
      (load8(from + 2) | bit_5) == back) {
    s.state.connection_keep_alive = true;
    return {};
  }
  if (id == field_id::host && !s.state.has_host && is_usual_host(from, end, s.last)) {
    s.state.has_host = true;
    return {};
  }
  return note_framing_field(s.state, s.limit, s.lenient, id, from, end);
}

// The end of the value at `from`; its line end is there, or it is none. Tabs and obs-text are rare,
// and left to a kernel.
[[gnu::always_inline]] inline char const* usual_value_end(char const* from,
                                                          char const* last) noexcept {
  char const* end = from;
  for (std::size_t n = octet_block::width; n == octet_block::width; end += n) {
    if (end - from >= inline_length_max) {
      end = scan::find_end<character_class::field_value>(end, last);
      break;
    }
    n = block_within(end, last).value_stop();
  }
  if (last - end >= 2 && load2(end) != crlf) [[unlikely]] {
    end = scan::find_end<character_class::field_value>(end, last);
  }
  return end;
}

[[gnu::always_inline]] inline usual_element read_usual_value(usual_step const& s) noexcept {
  char const* from = s.first;
  if (from != s.last && *from == ' ') ++from;
  char const* const end = usual_value_end(from, s.last);
  if (s.last - end < 2 || load2(end) != crlf || s.lenient.obs_fold) return {};
  auto const size = static_cast<std::size_t>(end - s.first);
  if (s.state.line_length + size > s.limit.field_line_length_max ||
      s.state.offset + size > s.state.section_end) {
    return {};
  }
  // Nothing between the ends of the line, or white space around it.
  if (static_cast<unsigned char>(*from) <= ' ' || static_cast<unsigned char>(end[-1]) <= ' ') {
    return {};
  }
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

// Reads an element if it is a usual one.
[[gnu::always_inline]] inline usual_element read_usual(usual_step const& s) noexcept {
  if (s.state.scanned != 0) [[unlikely]]
    return {};
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
