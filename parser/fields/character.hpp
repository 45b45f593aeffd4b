// The classes of octets that field values and URIs are made of. RFC 9110, section 5.6; RFC 3986,
// section 2.
//
// One table of 256 octets, a bit for each class: every test is a load and a mask. Constant
// expressions, no memory, no locale; octets above 0x7f belong to no class but the two that say so.
#pragma once

#include <cstdint>

namespace quire::http::character {

enum class_bit : std::uint16_t {
  digit_bit = 1,
  hexadecimal_bit = 2,
  alpha_bit = 4,
  token_bit = 8,            // tchar
  quoted_text_bit = 16,     // qdtext: HTAB, SP, visible but DQUOTE and backslash, obs-text
  entity_tag_bit = 32,      // etagc: visible but DQUOTE, obs-text
  unreserved_bit = 64,      // RFC 3986, 2.3
  sub_delimiter_bit = 128,  // RFC 3986, 2.2
  path_bit = 256,           // pchar without pct-encoded, or "/"
  visible_bit = 512,        // VCHAR
  comment_text_bit = 1024,  // ctext
};

namespace detail {

constexpr bool is_one_of(int octet, char const* set) noexcept {
  for (; *set != '\0'; ++set) {
    if (octet == *set) return true;
  }
  return false;
}

constexpr std::uint16_t classify(int octet) noexcept {
  bool const digit = octet >= '0' && octet <= '9';
  bool const hexadecimal =
      digit || (octet >= 'a' && octet <= 'f') || (octet >= 'A' && octet <= 'F');
  bool const alpha = (octet >= 'a' && octet <= 'z') || (octet >= 'A' && octet <= 'Z');
  bool const visible = octet > 0x20 && octet < 0x7f;
  bool const text = visible || octet == ' ' || octet == '\t' || octet >= 0x80;
  bool const unreserved = alpha || digit || is_one_of(octet, "-._~");
  bool const sub_delimiter = is_one_of(octet, "!$&'()*+,;=");
  unsigned bits = 0;
  if (digit) bits |= digit_bit;
  if (hexadecimal) bits |= hexadecimal_bit;
  if (alpha) bits |= alpha_bit;
  if (alpha || digit || is_one_of(octet, "!#$%&'*+-.^_`|~")) bits |= token_bit;
  if (text && octet != '"' && octet != '\\') bits |= quoted_text_bit;
  if (text && !is_one_of(octet, "()\\")) bits |= comment_text_bit;
  if ((visible || octet >= 0x80) && octet != '"') bits |= entity_tag_bit;
  if (unreserved) bits |= unreserved_bit;
  if (sub_delimiter) bits |= sub_delimiter_bit;
  if (unreserved || sub_delimiter || is_one_of(octet, ":@/")) bits |= path_bit;
  if (visible) bits |= visible_bit;
  return static_cast<std::uint16_t>(bits);
}

struct class_table {
  std::uint16_t bits[256] = {};
  constexpr class_table() noexcept {
    for (int octet = 0; octet < 256; ++octet) bits[octet] = classify(octet);
  }
};

inline constexpr class_table table;

}  // namespace detail

// True when `c` belongs to one of the classes in `bits`.
constexpr bool is_any(char c, unsigned bits) noexcept {
  return (detail::table.bits[static_cast<unsigned char>(c)] & bits) != 0;
}

constexpr bool is_digit(char c) noexcept {
  return is_any(c, digit_bit);
}
constexpr bool is_hexadecimal(char c) noexcept {
  return is_any(c, hexadecimal_bit);
}
constexpr bool is_alpha(char c) noexcept {
  return is_any(c, alpha_bit);
}
constexpr bool is_token(char c) noexcept {
  return is_any(c, token_bit);
}
constexpr bool is_quoted_text(char c) noexcept {
  return is_any(c, quoted_text_bit);
}
constexpr bool is_comment_text(char c) noexcept {
  return is_any(c, comment_text_bit);
}
constexpr bool is_entity_tag(char c) noexcept {
  return is_any(c, entity_tag_bit);
}
constexpr bool is_unreserved(char c) noexcept {
  return is_any(c, unreserved_bit);
}
constexpr bool is_path(char c) noexcept {
  return is_any(c, path_bit);
}
constexpr bool is_visible(char c) noexcept {
  return is_any(c, visible_bit);
}
constexpr bool is_blank(char c) noexcept {
  return c == ' ' || c == '\t';
}

// What a quoted-pair may escape: HTAB, SP, VCHAR, obs-text.
constexpr bool is_escapable(char c) noexcept {
  return is_quoted_text(c) || c == '"' || c == '\\';
}

// The value of a digit 0-9. Requires: is_digit(c).
constexpr int digit_value(char c) noexcept {
  return c - '0';
}

// The value of a hexadecimal digit. Requires: is_hexadecimal(c).
constexpr int hexadecimal_value(char c) noexcept {
  return is_digit(c) ? c - '0' : (static_cast<unsigned char>(c) | 0x20) - 'a' + 10;
}

// ASCII letters in lower case, all else as it is.
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
}

}  // namespace quire::http::character
