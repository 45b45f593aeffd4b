// Classes of octets in HTTP, as one constexpr table. RFC 9110, section 5.6; RFC 3986.
//
// A test costs one load and one mask. Nothing here depends on a locale.
#pragma once

#include <array>
#include <cstdint>

namespace quire::http {

enum class character_class : std::uint8_t {
  token = 1,         // tchar (RFC 9110, 5.6.2).
  field_value = 2,   // HTAB, SP, VCHAR, obs-text (RFC 9110, 5.5).
  target = 4,        // VCHAR but "#" and "%": those need a closer look (RFC 9112, 3.2).
  reg_name = 8,      // unreserved or sub-delims (RFC 3986, 3.2.2).
  quoted_text = 16,  // qdtext: what a quoted string holds unescaped (RFC 9110, 5.6.4).
  digit = 32,
  hex_digit = 64,
  alpha = 128,
};

namespace detail {

constexpr bool is_one_of(unsigned c, char const* set) noexcept {
  for (; *set != '\0'; ++set) {
    if (c == static_cast<unsigned char>(*set)) return true;
  }
  return false;
}

constexpr std::uint8_t classes_of(unsigned c) noexcept {
  bool const digit = c >= '0' && c <= '9';
  bool const alpha = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  bool const hex_letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
  bool const visible = c > 0x20 && c < 0x7f;
  bool const obs_text = c >= 0x80;
  unsigned bits = 0;
  auto const add = [&bits](bool member, character_class k) {
    if (member) bits |= static_cast<unsigned>(k);
  };
  add(alpha || digit || is_one_of(c, "!#$%&'*+-.^_`|~"), character_class::token);
  add(visible || obs_text || c == ' ' || c == '\t', character_class::field_value);
  add(visible && c != '#' && c != '%', character_class::target);
  add(alpha || digit || is_one_of(c, "-._~!$&'()*+,;="), character_class::reg_name);
  add((visible || obs_text || c == ' ' || c == '\t') && c != '"' && c != '\\',
      character_class::quoted_text);
  add(digit, character_class::digit);
  add(digit || hex_letter, character_class::hex_digit);
  add(alpha, character_class::alpha);
  return static_cast<std::uint8_t>(bits);
}

constexpr std::array<std::uint8_t, 256> make_character_table() noexcept {
  std::array<std::uint8_t, 256> table{};
  for (unsigned c = 0; c < 256; ++c) table[c] = classes_of(c);
  return table;
}

constexpr std::array<std::int8_t, 256> make_hex_table() noexcept {
  std::array<std::int8_t, 256> table{};
  for (std::int8_t& value : table) value = -1;
  for (int i = 0; i < 16; ++i) {
    table[static_cast<unsigned char>("0123456789abcdef"[i])] = static_cast<std::int8_t>(i);
    table[static_cast<unsigned char>("0123456789ABCDEF"[i])] = static_cast<std::int8_t>(i);
  }
  return table;
}

}  // namespace detail

inline constexpr std::array<std::uint8_t, 256> character_table = detail::make_character_table();
inline constexpr std::array<std::int8_t, 256> hex_table = detail::make_hex_table();

constexpr bool is(character_class k, char c) noexcept {
  return (character_table[static_cast<unsigned char>(c)] & static_cast<unsigned>(k)) != 0;
}

constexpr bool is_white_space(char c) noexcept {
  return c == ' ' || c == '\t';
}

// ASCII only; other octets stay as they are.
constexpr char to_lower(char c) noexcept {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
}

// Of a hexadecimal digit its value; of all other octets -1.
constexpr int hex_value(char c) noexcept {
  return hex_table[static_cast<unsigned char>(c)];
}

}  // namespace quire::http
