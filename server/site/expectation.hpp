// The Expect field. RFC 9110, section 10.1.1.
//
// One expectation is defined, 100-continue, without regard to case; any other is answered by 417.
#pragma once

#include <quire/parser/fields/caseless.hpp>

#include <cstdint>
#include <string_view>

namespace quire::server {

enum class expectation : std::uint8_t { none, continue_, unknown };

// `value` is that of the field; empty when there is none.
constexpr expectation expectation_of(std::string_view value) noexcept {
  if (value.empty()) return expectation::none;
  return http::equal_caseless(value, "100-continue") ? expectation::continue_
                                                     : expectation::unknown;
}

}  // namespace quire::server
