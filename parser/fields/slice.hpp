// Parts of a text, for code that must not throw. std::string_view::substr() checks its position by
// an exception, and so asks a program that has none, a kernel driver perhaps, for the runtime of
// them; find() asks it for memchr().
#pragma once

#include <cstddef>
#include <string_view>

namespace quire::http {

// The octets of `text` from `first` up to, not including, `last`; as many of them as there are.
constexpr std::string_view slice(std::string_view text, std::size_t first,
                                 std::size_t last = std::string_view::npos) noexcept {
  if (last > text.size()) last = text.size();
  if (first > last) first = last;
  return {text.data() + first, last - first};
}

// Where the first of the octets in `wanted` stands; text.size() when none of them is there.
constexpr std::size_t index_of(std::string_view text, std::string_view wanted) noexcept {
  for (std::size_t i = 0; i != text.size(); ++i) {
    for (char const c : wanted) {
      if (text[i] == c) return i;
    }
  }
  return text.size();
}

}  // namespace quire::http
