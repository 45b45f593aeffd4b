// The start line. RFC 9112, sections 2.2, 2.3, 3 and 4.
//
//   request-line = method SP request-target SP HTTP-version CRLF
//   status-line  = HTTP-version SP status-code [ SP [ reason-phrase ] ] CRLF
//   HTTP-version = "HTTP/" DIGIT "." DIGIT
//
// Exactly one SP stands between the parts. A status line without the SP before an empty reason is
// taken, because many servers send it and it can be read in one way only.
#pragma once

#include <quire/parser/step.hpp>
#include <quire/parser/target.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::http::detail {

// *( CRLF ), bounded. RFC 9112, section 2.2: at least one SHOULD be ignored.
template <class Iterator>
constexpr result skip_empty_lines(step<Iterator>& s) noexcept {
  for (;;) {
    place<Iterator> p = s.begin();
    if (p.at == s.last) return s.need_more(p);
    if (!is_line_end_octet(*p.at)) return result::ok;
    if (result const r = read_line_end(s, p, part_type::method); r != result::ok) return r;
    if (s.state.empty_lines == s.limit.empty_lines_max) {
      return s.fail(error_code::too_many_empty_lines, part_type::method, 0);
    }
    ++s.state.empty_lines;
    s.consume(p);
  }
}

template <class Iterator>
constexpr method method_in(Iterator from, std::size_t size) noexcept {
  char text[8];
  if (size > sizeof text) return method::other;
  for (std::size_t i = 0; i < size; ++i) text[i] = *from++;
  return method_of(std::string_view(text, size));
}

template <class Iterator>
constexpr result read_method(step<Iterator>& s) noexcept {
  if (result const r = skip_empty_lines(s); r != result::ok) return r;
  place<Iterator> p = s.resume();
  skip<character_class::token>(p, s.last);
  std::size_t const most = s.limit.method_length_max;
  if (p.index > most) return s.fail(error_code::method_too_long, part_type::method, most);
  if (p.at == s.last) return s.need_more(p);
  if (p.index == 0 || *p.at != ' ')
    return s.fail(error_code::bad_method, part_type::method, p.index);

  s.line = s.first;
  s.state.begin_message();
  s.state.line_length = 0;
  s.state.method = method_in(s.first, p.index);
  s.state.front_size = static_cast<std::uint32_t>(p.index);
  ++p;
  return s.pass(p, phase::target);
}

// Moves p to the octet behind the target; ok when that is the SP.
template <class Iterator>
constexpr result find_target_end(step<Iterator>& s, place<Iterator>& p) noexcept {
  constexpr part_type element = part_type::target;
  std::size_t const line_rest = s.limit.request_line_length_max -
                                std::min(s.limit.request_line_length_max, s.state.line_length);
  std::size_t const most = std::min<std::size_t>(s.limit.target_length_max, line_rest);
  for (;;) {
    skip<character_class::target>(p, s.last);
    if (p.index > most) {
      return s.fail(
          most == line_rest ? error_code::request_line_too_long : error_code::target_too_long,
          element, most);
    }
    if (p.at == s.last) return s.need_more(p);
    char const c = *p.at;
    if (c == ' ') return result::ok;
    if (c == '%') {
      place<Iterator> digit = p;
      for (int i = 0; i < 2; ++i) {
        ++digit;
        if (digit.at == s.last) return s.need_more(p);
        if (!is(character_class::hex_digit, *digit.at)) {
          return s.fail(error_code::bad_percent_encoding, element, p.index);
        }
      }
      p = digit;
    } else if (is_line_end_octet(c)) {
      return s.fail(error_code::missing_version, element, p.index);
    } else if (!s.lenient.obs_text_in_target || static_cast<unsigned char>(c) < 0x80) {
      return s.fail(error_code::bad_target_character, element, p.index);
    }
    ++p;
  }
}

template <class Iterator>
constexpr result read_target(step<Iterator>& s) noexcept {
  place<Iterator> p = s.resume();
  if (result const r = find_target_end(s, p); r != result::ok) return r;
  if (p.index == 0) return s.fail(error_code::extra_white_space, part_type::target, 0);
  error_code const code = check_target_form(s.first, p.at, s.state.method);
  if (code != error_code::none) return s.fail(code, part_type::target, 0);

  ++p;
  return s.pass(p, phase::version);
}

// Reads HTTP-version and leaves p behind it.
template <class Iterator>
constexpr result read_version_text(step<Iterator>& s, place<Iterator>& p) noexcept {
  constexpr part_type element = part_type::version;
  char major = '\0';
  char minor = '\0';
  for (char const wanted : std::string_view("HTTP/0.0")) {
    if (p.at == s.last) return s.need_more(s.begin());
    char const c = *p.at;
    if (p.index == 0 && is_white_space(c)) return s.fail(error_code::extra_white_space, element, 0);
    bool const fits = wanted == '0' ? is(character_class::digit, c) : c == wanted;
    if (!fits) return s.fail(error_code::bad_version, element, p.index);
    if (wanted == '0') (p.index == 5 ? major : minor) = c;
    ++p;
  }
  if (major != '1') return s.fail(error_code::version_not_supported, element, 5);
  s.state.minor_version = static_cast<std::uint8_t>(minor - '0');
  return result::ok;
}

// HTTP-version CRLF, the end of a request line.
template <class Iterator>
constexpr result read_version(step<Iterator>& s) noexcept {
  constexpr part_type element = part_type::version;
  if (s.state.line_length + 8 > s.limit.request_line_length_max) {
    return s.fail(error_code::request_line_too_long, element, 0);
  }
  place<Iterator> p = s.begin();
  if (result const r = read_version_text(s, p); r != result::ok) return r;
  if (p.at == s.last) return s.need_more(s.begin());
  if (!is_line_end_octet(*p.at)) {
    return s.fail(is_white_space(*p.at) ? error_code::extra_white_space : error_code::bad_version,
                  element, p.index);
  }
  if (result const r = read_line_end(s, p, element); r != result::ok) return r;
  s.state.section_end = s.state.offset + p.index + s.limit.field_section_length_max;
  return s.emit_line(node_type::request_line, static_cast<std::uint16_t>(s.state.method),
                     s.state.front_size + 1, s.state.line_length - s.state.front_size - 2, p,
                     phase::field_name);
}

// HTTP-version SP, the start of a status line.
template <class Iterator>
constexpr result read_response_version(step<Iterator>& s) noexcept {
  constexpr part_type element = part_type::version;
  place<Iterator> p = s.begin();
  if (result const r = read_version_text(s, p); r != result::ok) return r;
  if (p.at == s.last) return s.need_more(s.begin());
  if (*p.at != ' ') {
    return s.fail(is_line_end_octet(*p.at) ? error_code::bad_status_code : error_code::bad_version,
                  element, p.index);
  }
  ++p;
  s.state.begin_message();
  s.state.line_length = 0;
  s.line = s.first;
  return s.pass(p, phase::status);
}

// status-code = 3DIGIT. All of 000 to 999 are taken: RFC 9110, section 15, asks to treat those
// outside 100..599 as a server's error, not to refuse the message.
template <class Iterator>
constexpr result read_status(step<Iterator>& s) noexcept {
  constexpr part_type element = part_type::status;
  place<Iterator> p = s.begin();
  unsigned code = 0;
  for (; p.index < 3; ++p) {
    if (p.at == s.last) return s.need_more(s.begin());
    char const c = *p.at;
    if (p.index == 0 && is_white_space(c)) return s.fail(error_code::extra_white_space, element, 0);
    if (!is(character_class::digit, c))
      return s.fail(error_code::bad_status_code, element, p.index);
    code = code * 10 + static_cast<unsigned>(c - '0');
  }
  if (p.at == s.last) return s.need_more(s.begin());
  if (*p.at == ' ') {
    ++p;
  } else if (!is_line_end_octet(*p.at)) {
    return s.fail(error_code::bad_status_code, element, p.index);
  }
  s.state.status = static_cast<std::uint16_t>(code);
  return s.pass(p, phase::reason);
}

// reason-phrase = *( HTAB / SP / VCHAR / obs-text ), CRLF.
template <class Iterator>
constexpr result read_reason(step<Iterator>& s) noexcept {
  constexpr part_type element = part_type::reason;
  place<Iterator> p = s.resume();
  skip<character_class::field_value>(p, s.last);
  std::size_t const most = s.limit.reason_length_max;
  if (p.index > most) return s.fail(error_code::reason_too_long, element, most);
  if (p.at == s.last) return s.need_more(p);
  std::size_t const size = p.index;
  if (!is_line_end_octet(*p.at)) return s.fail(error_code::bad_reason_character, element, p.index);
  if (result const r = read_line_end(s, p, element); r != result::ok) return r;
  s.state.section_end = s.state.offset + p.index + s.limit.field_section_length_max;
  return s.emit_line(node_type::status_line, s.state.status, s.state.line_length, size, p,
                     phase::field_name);
}

}  // namespace quire::http::detail
