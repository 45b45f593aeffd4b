// A hash of a path or a request-target. The seed is the server's secret: paths at which there is
// nothing are kept as well, so clients choose what is hashed.
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::server {

// XXH3, 64 bits.
[[nodiscard]] std::uint64_t path_hash(std::string_view text, std::uint64_t seed) noexcept;

}  // namespace quire::server
