// Whether it pays to encode a file that does not lie encoded beside itself.
#pragma once

#include <quire/server/site/media_type.hpp>

#include <cstdint>

namespace quire::server {

// What is smaller travels in one packet with its head, encoded or not.
inline constexpr std::uint64_t encoding_size_min = 1024;

[[nodiscard]] constexpr bool is_worth_encoding(media_type const& type,
                                               std::uint64_t size) noexcept {
  return type.compressible && size >= encoding_size_min;
}

// How large the outcome may be: a tenth is to be saved, or it is not worth the time that each
// client takes to decode it.
[[nodiscard]] constexpr std::uint64_t encoded_size_max(std::uint64_t size) noexcept {
  return size - size / 10;
}

}  // namespace quire::server
