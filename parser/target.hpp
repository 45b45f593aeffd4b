// The form of a request-target and of an authority. RFC 9112, section 3.2; RFC 3986, section 3.2.
//
//   request-target = origin-form / absolute-form / authority-form / asterisk-form
//   origin-form    = absolute-path [ "?" query ]          any method but CONNECT
//   absolute-form  = scheme "://" authority path [ "?" query ]
//   authority-form = uri-host ":" port                    CONNECT only
//   asterisk-form  = "*"                                  OPTIONS only
//   uri-host       = IP-literal / IPv4address / reg-name
//
// The octets themselves were checked before. Nothing is decoded or split here.
#pragma once

#include <quire/parser/characters.hpp>
#include <quire/parser/error_code.hpp>
#include <quire/parser/method.hpp>

#include <cstddef>
#include <string_view>
#include <type_traits>

namespace quire::http::detail {

// IPv6address = up to eight groups of up to four hexadecimal digits, one run of zeros written "::",
// the last two groups perhaps as an IPv4 address. Moves p behind it; false when there is none.
template <class Iterator>
constexpr bool skip_ipv4_address(Iterator& p, Iterator last) noexcept {
  for (int part = 0; part < 4; ++part) {
    if (part != 0 && (p == last || *p++ != '.')) return false;
    unsigned value = 0;
    int digits = 0;
    for (; p != last && is(character_class::digit, *p) && digits < 4; ++p, ++digits) {
      value = value * 10 + static_cast<unsigned>(*p - '0');
    }
    if (digits == 0 || digits > 3 || value > 255) return false;
  }
  return true;
}

template <class Iterator>
constexpr bool skip_ipv6_address(Iterator& p, Iterator last) noexcept {
  int groups = 0;
  bool compressed = false;
  while (p != last && *p != ']') {
    if (*p == ':') {  // "::", at the start or behind the colon of the group before.
      if (compressed) return false;
      ++p;
      if (groups == 0 && (p == last || *p++ != ':')) return false;
      compressed = true;
      continue;
    }
    Iterator const start = p;
    int digits = 0;
    for (; p != last && is(character_class::hex_digit, *p); ++p) ++digits;
    if (p != last && *p == '.') {
      p = start;
      return skip_ipv4_address(p, last) && (compressed ? groups <= 5 : groups == 6);
    }
    if (digits == 0 || digits > 4) return false;
    ++groups;
    if (p == last || *p == ']') break;
    if (*p++ != ':' || p == last || *p == ']') return false;
  }
  return compressed ? groups <= 7 : groups == 8;
}

// IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
template <class Iterator>
constexpr bool skip_ip_future(Iterator& p, Iterator last) noexcept {
  ++p;
  if (p == last || !is(character_class::hex_digit, *p)) return false;
  while (p != last && is(character_class::hex_digit, *p)) ++p;
  if (p == last || *p++ != '.') return false;
  Iterator const start = p;
  while (p != last && (is(character_class::reg_name, *p) || *p == ':')) ++p;
  return p != start;
}

struct authority_parts {
  bool valid = false;
  bool has_host = false;  // Not empty.
  bool has_port = false;  // Not empty.
};

// IP-literal = "[" ( IPv6address / IPvFuture ) "]"
template <class Iterator>
constexpr bool skip_ip_literal(Iterator& p, Iterator last) noexcept {
  ++p;
  bool const future = p != last && (*p == 'v' || *p == 'V');
  if (!(future ? skip_ip_future(p, last) : skip_ipv6_address(p, last))) return false;
  return p != last && *p++ == ']';
}

// Moves p behind all octets of the class; in contiguous memory four at a time.
template <character_class Class, class Iterator>
constexpr void skip_all(Iterator& p, Iterator last) noexcept {
  if constexpr (std::is_pointer_v<Iterator>) {
    auto const classes = [&p](std::ptrdiff_t i) {
      return character_table[static_cast<unsigned char>(p[i])];
    };
    while (last - p >= 4 && (classes(0) & classes(1) & classes(2) & classes(3) &
                             static_cast<unsigned>(Class)) != 0) {
      p += 4;
    }
  }
  while (p != last && is(Class, *p)) ++p;
}

// reg-name = *( unreserved / pct-encoded / sub-delims ); an IPv4 address is one, too.
template <class Iterator>
constexpr bool skip_reg_name(Iterator& p, Iterator last) noexcept {
  for (;;) {
    skip_all<character_class::reg_name>(p, last);
    if (p == last || *p != '%') return true;
    for (int digit = 0; digit < 2; ++digit) {
      if (++p == last || !is(character_class::hex_digit, *p)) return false;
    }
    ++p;
  }
}

// uri-host [ ":" port ], up to last.
template <class Iterator>
constexpr authority_parts check_authority(Iterator p, Iterator last) noexcept {
  Iterator const start = p;
  bool const literal = p != last && *p == '[';
  if (!(literal ? skip_ip_literal(p, last) : skip_reg_name(p, last))) return {};
  bool const has_host = p != start;
  if (p == last) return {true, has_host, false};
  if (*p++ != ':') return {};
  Iterator const port = p;
  skip_all<character_class::digit>(p, last);
  return {p == last, has_host, p != port};
}

// absolute-form. User information is an error: it serves to deceive (RFC 9110, 4.2.4).
template <class Iterator>
constexpr error_code check_absolute_form(Iterator p, Iterator last) noexcept {
  if (p == last || !is(character_class::alpha, *p)) return error_code::bad_target_form;
  while (p != last && *p != ':') {
    char const c = *p++;
    bool const scheme_octet = is(character_class::alpha, c) || is(character_class::digit, c) ||
                              c == '+' || c == '-' || c == '.';
    if (!scheme_octet) return error_code::bad_target_form;
  }
  for (char const c : std::string_view("://")) {
    if (p == last || *p++ != c) return error_code::bad_target_form;
  }
  Iterator end = p;
  while (end != last && *end != '/' && *end != '?') {
    if (*end++ == '@') return error_code::user_information_in_target;
  }
  authority_parts const parts = check_authority(p, end);
  return parts.valid && parts.has_host ? error_code::none : error_code::bad_target_form;
}

// Requires: [first, last) is not empty.
template <class Iterator>
constexpr error_code check_target_form(Iterator first, Iterator last, method m) noexcept {
  if (m == method::connect) {
    authority_parts const parts = check_authority(first, last);
    return parts.valid && parts.has_host && parts.has_port ? error_code::none
                                                           : error_code::bad_target_form;
  }
  if (*first == '/') return error_code::none;
  if (*first == '*' && m == method::options) {
    return ++first == last ? error_code::none : error_code::bad_target_form;
  }
  return check_absolute_form(first, last);
}

}  // namespace quire::http::detail
