// Content and the end of a message. RFC 9112, sections 6 and 7.1.
//
//   chunked-body = *chunk last-chunk trailer-section CRLF
//   chunk        = chunk-size [ chunk-ext ] CRLF chunk-data CRLF
//   chunk-ext    = *( BWS ";" BWS chunk-ext-name [ BWS "=" BWS chunk-ext-val ] )
//   chunk-ext-val = token / quoted-string
//
// Content is handed out as it comes, in whatever pieces lie there. The lines between chunks are
// consumed octet by octet and never handed out; in them only CRLF ends a line, whatever the policy.
#pragma once

#include <quire/parser/step.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>

namespace quire::http::detail {

// Hands out at most `most` octets. Costs increments only where iterators cannot be subtracted.
template <class Iterator>
constexpr std::size_t take(place<Iterator>& p, Iterator last, std::uint64_t most) noexcept {
  if constexpr (requires { last - p.at; }) {
    auto const there = static_cast<std::uint64_t>(last - p.at);
    std::size_t const n = static_cast<std::size_t>(std::min(there, most));
    p = {advanced(p.at, n), p.index + n};
  } else {
    for (; p.at != last && p.index != most; ++p) {
    }
  }
  return p.index;
}

template <class Iterator>
constexpr result read_content(step<Iterator>& s) noexcept {
  place<Iterator> p = s.begin();
  std::size_t const n = take(p, s.last, s.state.content_left);
  if (n == 0) return s.need_more(p);
  s.state.content_left -= n;
  phase then = s.state.at;
  if (s.state.content_left == 0)
    then = then == phase::chunk_data ? phase::chunk_data_cr : phase::end;
  return s.emit(node_type::content, s.first, n, p, then);
}

template <class Iterator>
constexpr result read_content_until_close(step<Iterator>& s) noexcept {
  place<Iterator> p = s.begin();
  std::size_t const n = take(p, s.last, s.limit.content_length_max - s.state.content_length);
  if (n == 0 && p.at == s.last) return s.need_more(p);
  if (n == 0) return s.fail(error_code::content_too_large, part_type::content, 0);
  s.state.content_length += n;
  return s.emit(node_type::content, s.first, n, p, phase::content_until_close);
}

constexpr error_code add_chunk_digit(parser_state& state, limits const& limit, char c) noexcept {
  if (state.chunk_digits == std::min<std::uint32_t>(limit.chunk_size_digits_max, 16)) {
    return error_code::chunk_size_too_long;
  }
  ++state.chunk_digits;
  std::uint64_t const room = limit.content_length_max - state.content_length;
  if (state.content_left > room / 16) return error_code::content_too_large;
  state.content_left = state.content_left * 16 + static_cast<unsigned>(hex_value(c));
  return state.content_left > room ? error_code::content_too_large : error_code::none;
}

// Where a line that must end here goes on, or `failed`.
constexpr phase end_or_extension(char c) noexcept {
  switch (c) {
    case ';':
      return phase::chunk_extension_start;
    case '\r':
      return phase::chunk_line_feed;
    case ' ':
    case '\t':
      return phase::chunk_white_space;
    default:
      return phase::failed;
  }
}

constexpr phase after_extension_name(char c) noexcept {
  switch (c) {
    case ' ':
    case '\t':
      return phase::chunk_extension_after_name;
    case '=':
      return phase::chunk_extension_value_start;
    case ';':
      return phase::chunk_extension_start;
    default:
      return phase::failed;
  }
}

// The state machine of chunk-ext: what follows c in the phase `at`; `failed` when c must not be
// there.
constexpr phase after_extension_octet(phase at, char c) noexcept {
  bool const token = is(character_class::token, c);
  switch (at) {
    case phase::chunk_white_space:
      if (is_white_space(c)) return at;
      return c == ';' ? phase::chunk_extension_start : phase::failed;
    case phase::chunk_extension_start:
      if (is_white_space(c)) return at;
      return token ? phase::chunk_extension_name : phase::failed;
    case phase::chunk_extension_name:
      if (token) return at;
      return c == '\r' ? phase::chunk_line_feed : after_extension_name(c);
    case phase::chunk_extension_after_name:
      return after_extension_name(c);
    case phase::chunk_extension_value_start:
      if (is_white_space(c)) return at;
      if (c == '"') return phase::chunk_extension_quoted;
      return token ? phase::chunk_extension_value : phase::failed;
    case phase::chunk_extension_value:
      return token ? at : end_or_extension(c);
    case phase::chunk_extension_quoted:
      if (c == '"') return phase::chunk_extension_after_quoted;
      if (c == '\\') return phase::chunk_extension_escape;
      return is(character_class::quoted_text, c) ? at : phase::failed;
    case phase::chunk_extension_escape:
      return is(character_class::field_value, c) ? phase::chunk_extension_quoted : phase::failed;
    case phase::chunk_extension_after_quoted:
      return end_or_extension(c);
    default:
      return phase::failed;
  }
}

// The line end of a chunk size was read.
constexpr void begin_chunk(parser_state& state, limits const& limit,
                           std::uint64_t offset) noexcept {
  state.chunk_digits = 0;
  if (state.content_left != 0) {
    state.content_length += state.content_left;
    state.at = phase::chunk_data;
    return;
  }
  state.field_count = 0;
  state.section_end = offset + limit.trailer_section_length_max;
  state.at = phase::trailer_name;
}

// Takes the octet c of the lines between chunks; `offset` is that of the octet behind it.
constexpr error_code take_chunk_octet(parser_state& state, limits const& limit, char c,
                                      std::uint64_t offset) noexcept {
  switch (state.at) {
    case phase::chunk_size:
      if (is(character_class::hex_digit, c)) return add_chunk_digit(state, limit, c);
      if (state.chunk_digits == 0) return error_code::bad_chunk_size;
      state.at = end_or_extension(c);
      if (state.at == phase::failed) {
        return c == '\n' ? error_code::bare_lf : error_code::bad_chunk_size;
      }
      break;
    case phase::chunk_line_feed:
      if (c != '\n') return error_code::bare_cr;
      begin_chunk(state, limit, offset);
      return error_code::none;
    case phase::chunk_data_cr:
      state.at = phase::chunk_data_lf;
      return c == '\r' ? error_code::none : error_code::bad_chunk_end;
    case phase::chunk_data_lf:
      state.at = phase::chunk_size;
      return c == '\n' ? error_code::none : error_code::bad_chunk_end;
    default:
      state.at = after_extension_octet(state.at, c);
      if (state.at == phase::failed) {
        return c == '\n' ? error_code::bare_lf : error_code::bad_chunk_extension;
      }
  }
  if (state.at != phase::chunk_line_feed &&
      ++state.chunk_extensions_length > limit.chunk_extensions_length_max) {
    return error_code::chunk_extensions_too_long;
  }
  return error_code::none;
}

constexpr bool is_between_chunks(phase at) noexcept {
  return at >= phase::chunk_size && at <= phase::chunk_line_feed;
}

// Reads the lines between chunks. ok: the data of a chunk, or the trailer section, comes next.
template <class Iterator>
constexpr result read_between_chunks(step<Iterator>& s) noexcept {
  place<Iterator> p = s.begin();
  while (p.at != s.last) {
    error_code const code = take_chunk_octet(s.state, s.limit, *p.at, s.state.offset + p.index + 1);
    if (code != error_code::none) return s.fail(code, part_type::content, p.index);
    ++p;
    if (!is_between_chunks(s.state.at)) {
      s.consume(p);
      return result::ok;
    }
  }
  s.consume(p);
  return result::need_more;
}

// The message is over: says so, and what the octets behind it are.
template <class Iterator>
constexpr result end_message(step<Iterator>& s) noexcept {
  parser_state const& state = s.state;
  phase then = phase::start;
  if (state.knows(fact::hands_over)) {
    then = phase::handed_over;
  } else if (!state.knows(fact::keep_alive) && !(state.is_response && state.status / 100 == 1)) {
    then = phase::closed;
  }
  s.state.empty_lines = 0;
  s.emit(node_type::end, s.first, 0, s.begin(), then);
  return result::done;
}

}  // namespace quire::http::detail
