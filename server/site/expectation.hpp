// The Expect field. RFC 9110, section 10.1.1.
//
// One expectation is defined, 100-continue, without regard to case; any other is answered by 417.
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::server {

enum class expectation : std::uint8_t { none, continue_, unknown };

// `value` is that of the field; empty when there is none.
constexpr expectation expectation_of(std::string_view value) noexcept {
  constexpr std::string_view known = "100-continue";
  if (value.empty()) return expectation::none;
  if (value.size() != known.size()) return expectation::unknown;
  for (std::size_t i = 0; i != known.size(); ++i) {
    char const c = value[i];
    if ((c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c) != known[i]) {
      return expectation::unknown;
    }
  }
  return expectation::continue_;
}

}  // namespace quire::server
