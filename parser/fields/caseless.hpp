// Comparison of tokens that do not regard case: field names, codings, units, hosts. ASCII only; no
// locale, no memory.
#pragma once

#include <quire/parser/characters.hpp>
#include <quire/parser/fields/slice.hpp>

#include <string_view>

namespace quire::http {

constexpr bool equal_caseless(std::string_view a, std::string_view b) noexcept {
  if (a.size() != b.size()) return false;
  for (std::string_view::size_type i = 0; i != a.size(); ++i) {
    if (to_lower(a[i]) != to_lower(b[i])) return false;
  }
  return true;
}

constexpr bool starts_with_caseless(std::string_view text, std::string_view start) noexcept {
  return equal_caseless(slice(text, 0, start.size()), start);
}

// `text` without the spaces and tabs around it: OWS. RFC 9110, section 5.6.3.
constexpr std::string_view trim_blanks(std::string_view text) noexcept {
  while (!text.empty() && is_white_space(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_white_space(text.back())) text.remove_suffix(1);
  return text;
}

}  // namespace quire::http
