// Classes of octets that field values and URIs have beyond those of <quire/parser/characters.hpp>.
// RFC 9110, sections 5.6.4 and 8.8.3; RFC 3986, section 3.3.
#pragma once

#include <quire/parser/characters.hpp>

namespace quire::http {

// What a quoted-pair may escape: HTAB, SP, VCHAR, obs-text.
constexpr bool is_escapable(char c) noexcept {
  return is(character_class::field_value, c);
}

// etagc: VCHAR but DQUOTE, or obs-text.
constexpr bool is_entity_tag_octet(char c) noexcept {
  return is(character_class::field_value, c) && c != '"' && !is_white_space(c);
}

// "/", or a pchar that stands for itself.
constexpr bool is_path_octet(char c) noexcept {
  return is(character_class::reg_name, c) || c == ':' || c == '@' || c == '/';
}

// Requires: is(character_class::digit, c).
constexpr int digit_value(char c) noexcept {
  return c - '0';
}

}  // namespace quire::http
