// How the body of a message is delimited, and whether the connection persists.
// RFC 9112, sections 6.1, 6.3 and 9.3; RFC 9110, sections 7.6.1, 7.8 and 8.6.
//
// Fields that matter are noted as their values are read; the decision falls at the end of the field
// section. Whatever two recipients could read in two ways is an error.
#pragma once

#include <quire/parser/characters.hpp>
#include <quire/parser/error_code.hpp>
#include <quire/parser/field_id.hpp>
#include <quire/parser/limits.hpp>
#include <quire/parser/parser_state.hpp>
#include <quire/parser/policy.hpp>
#include <quire/parser/target.hpp>

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::http::detail {

// An error and how far into a value it lies.
struct verdict {
  error_code code = error_code::none;
  std::size_t index = 0;
};

template <class Iterator>
constexpr bool equals_caseless(Iterator first, Iterator last, std::string_view lower) noexcept {
  for (char const c : lower) {
    if (first == last || to_lower(*first++) != c) return false;
  }
  return first == last;
}

// Content-Length = 1*DIGIT. RFC 9110, section 8.6.
template <class Iterator>
constexpr verdict note_content_length(parser_state& state, limits const& limit,
                                      policy const& lenient, Iterator first,
                                      Iterator last) noexcept {
  std::size_t index = 0;
  for (;;
       ++first, ++index) {  // Once for each value of a list; a list is an error unless tolerated.
    for (; first != last && is_white_space(*first); ++first) ++index;
    std::uint64_t value = 0;
    std::size_t digits = 0;
    for (; first != last && is(character_class::digit, *first); ++first, ++index, ++digits) {
      auto const digit = static_cast<std::uint64_t>(*first - '0');
      if (value > (limit.content_length_max - digit) / 10 || digit > limit.content_length_max) {
        return {error_code::content_too_large, index};
      }
      value = value * 10 + digit;
    }
    if (digits == 0) return {error_code::bad_content_length, index};
    if (state.knows(fact::content_length) &&
        (!lenient.repeated_content_length || value != state.content_length)) {
      return {error_code::repeated_content_length, 0};
    }
    state.note(fact::content_length);
    state.content_length = value;
    if (lenient.repeated_content_length) {
      for (; first != last && is_white_space(*first); ++first) ++index;
    }
    if (first == last) return {};
    if (*first != ',' || !lenient.repeated_content_length) {
      return {error_code::bad_content_length, index};
    }
  }
}

// Skips *( OWS ";" OWS token BWS "=" BWS ( token / quoted-string ) ) loosely: up to the next comma
// that is not quoted. The coding is an unknown one, so nothing of it is acted upon.
template <class Iterator>
constexpr bool skip_coding_parameters(Iterator& p, Iterator last, std::size_t& index) noexcept {
  bool quoted = false;
  for (; p != last && (quoted || *p != ','); ++p, ++index) {
    if (*p == '"') quoted = !quoted;
    if (*p == '\\' && quoted) {
      if (++p == last) return false;
      ++index;
    }
  }
  return !quoted;
}

// Transfer-Encoding = #transfer-coding, without empty elements. RFC 9112, section 6.1.
template <class Iterator>
constexpr verdict note_transfer_encoding(parser_state& state, Iterator p, Iterator last) noexcept {
  state.note(fact::transfer_encoding);
  for (std::size_t index = 0;; ++p, ++index) {
    for (; p != last && is_white_space(*p); ++p) ++index;
    Iterator const start = p;
    std::size_t const start_index = index;
    for (; p != last && is(character_class::token, *p); ++p) ++index;
    if (p == start) return {error_code::bad_transfer_encoding, index};
    bool const chunked = equals_caseless(start, p, "chunked");
    if (state.knows(fact::chunked)) {
      return {chunked ? error_code::repeated_chunked : error_code::chunked_not_last, start_index};
    }
    state.note(chunked ? fact::chunked : fact::unknown_coding);
    for (; p != last && is_white_space(*p); ++p) ++index;
    if (p != last && *p == ';' && !chunked && !skip_coding_parameters(p, last, index)) {
      return {error_code::bad_transfer_encoding, index};
    }
    if (p == last) return {};
    if (*p != ',') return {error_code::bad_transfer_encoding, index};
  }
}

// Connection = #connection-option. Options that mean nothing here are passed over.
template <class Iterator>
constexpr void note_connection(parser_state& state, Iterator p, Iterator last) noexcept {
  for (;; ++p) {
    while (p != last && is_white_space(*p)) ++p;
    Iterator const start = p;
    while (p != last && *p != ',' && !is_white_space(*p)) ++p;
    Iterator const end = p;
    while (p != last && is_white_space(*p)) ++p;
    bool const whole = p == last || *p == ',';
    if (whole && equals_caseless(start, end, "close")) state.note(fact::connection_close);
    if (whole && equals_caseless(start, end, "keep-alive")) state.note(fact::connection_keep_alive);
    if (whole && equals_caseless(start, end, "upgrade")) state.note(fact::connection_upgrade);
    while (p != last && *p != ',') ++p;
    if (p == last) return;
  }
}

template <class Iterator>
constexpr verdict note_host(parser_state& state, policy const& lenient, Iterator first,
                            Iterator last) noexcept {
  bool const repeated = state.knows(fact::host);
  state.note(fact::host);
  if (state.is_response || lenient.any_host) return {};
  if (repeated) return {error_code::repeated_host, 0};
  return check_authority(first, last).valid ? verdict{} : verdict{error_code::bad_host, 0};
}

// Notes what the value [first, last) of a framing field says.
template <class Iterator>
constexpr verdict note_framing_field(parser_state& state, limits const& limit,
                                     policy const& lenient, field_id id, Iterator first,
                                     Iterator last) noexcept {
  switch (id) {
    case field_id::content_length:
      return note_content_length(state, limit, lenient, first, last);
    case field_id::transfer_encoding:
      return note_transfer_encoding(state, first, last);
    case field_id::host:
      return note_host(state, lenient, first, last);
    case field_id::connection:
      note_connection(state, first, last);
      return {};
    case field_id::upgrade:
      state.note(fact::upgrade, first != last);
      return {};
    default:
      return {};
  }
}

// RFC 9112, section 6.3, rules 1 and 2: responses that have no content whatever their fields say.
constexpr bool has_no_body_by_status(parser_state const& state) noexcept {
  return state.method == method::head || state.status / 100 == 1 || state.status == 204 ||
         state.status == 304;
}

// What no message may be.
constexpr error_code check_framing(parser_state const& state, policy const& lenient) noexcept {
  if (!state.is_response && !lenient.any_host && state.minor_version != 0 &&
      !state.knows(fact::host)) {
    return error_code::missing_host;
  }
  if (state.knows(fact::transfer_encoding)) {
    if (state.minor_version == 0) return error_code::transfer_encoding_in_http_1_0;
    if (state.knows(fact::content_length) && !lenient.content_length_beside_transfer_encoding) {
      return error_code::content_length_beside_transfer_encoding;
    }
    if (!state.knows(fact::chunked)) return error_code::chunked_not_last;
    if (state.knows(fact::unknown_coding)) return error_code::unknown_transfer_coding;
  }
  if (!state.is_response && state.method == method::connect &&
      (state.knows(fact::transfer_encoding) || state.content_length != 0)) {
    return error_code::content_in_connect;
  }
  return error_code::none;
}

// Decides how the body is delimited and whether the connection persists. RFC 9112,
// sections 6.3, 9.3.
//
// Requires: every value of the field section was noted.
// Ensures:  for a request, never `until_close`.
// Errors:   all of them mean that the connection closes.
constexpr error_code decide_framing(parser_state& state, policy const& lenient) noexcept {
  if (error_code const code = check_framing(state, lenient); code != error_code::none) return code;
  bool const answers_connect =
      state.is_response && state.method == method::connect && state.status / 100 == 2;
  bool const is_connect = !state.is_response && state.method == method::connect;
  state.note(fact::hands_over,
             is_connect || answers_connect || (state.is_response && state.status == 101));
  state.note(fact::keep_alive,
             !state.knows(fact::connection_close) &&
                 (state.minor_version != 0 || state.knows(fact::connection_keep_alive)) &&
                 !(state.knows(fact::content_length) && state.knows(fact::transfer_encoding)));
  if (state.knows(fact::hands_over) || (state.is_response && has_no_body_by_status(state))) {
    state.framing = framing::none;
  } else if (state.knows(fact::transfer_encoding)) {
    state.framing = framing::chunked;
    state.content_length = 0;
    state.chunk_extensions_length = 0;
  } else if (state.knows(fact::content_length)) {
    state.framing = state.content_length != 0 ? framing::length : framing::none;
    state.content_left = state.content_length;
  } else if (state.is_response) {
    state.framing = framing::until_close;
    state.note(fact::keep_alive, false);
  }
  return error_code::none;
}

// What comes behind the field section.
constexpr phase phase_behind_head(http::framing f) noexcept {
  switch (f) {
    case framing::none:
      return phase::end;
    case framing::length:
      return phase::content;
    case framing::chunked:
      return phase::chunk_size;
    case framing::until_close:
      return phase::content_until_close;
  }
  return phase::failed;
}

}  // namespace quire::http::detail
