// Preferences for digests: the values of Want-Repr-Digest and Want-Content-Digest. RFC 9530,
// section 4.
//
//   sha-512=3, sha-256=10, unixsum=0
//
// A Dictionary of Structured Fields (RFC 9651, section 3.2): of the members with one key the last
// one counts, and a value with any fault counts as a whole as if it were not there.
#pragma once

#include <optional>
#include <string_view>

namespace quire::http {

inline constexpr int digest_preference_max = 10;

// How much the sender wants this algorithm ("sha-256", in lower case), from 1 to 10; 0: not at all,
// whether that is said, or the key is absent, or its value is no Integer from 0 to 10. Nothing when
// the value is no Dictionary. Cost: one pass over the value.
[[nodiscard]] std::optional<int> digest_preference(std::string_view value,
                                                   std::string_view algorithm) noexcept;

}  // namespace quire::http
