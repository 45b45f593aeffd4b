// SHA-256 and SHA-512 (FIPS 180-4), by the library of the platform: one source file for each.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/server/site/digest_field.hpp>

#include <array>
#include <cstddef>
#include <cstdint>

namespace quire::server {

struct message_digest {
  std::array<std::uint8_t, 64> bytes{};
  std::size_t size = 0;  // 32 or 64; 0: the library got no memory.
};

// Of all that is readable. Costs 0.5 to 5 milliseconds for each MiB. Any thread, as long as nobody
// changes the content.
[[nodiscard]] message_digest digest_of(buffer const& content, digest_algorithm algorithm) noexcept;

}  // namespace quire::server
