#include <quire/server/path_hash.hpp>

#define XXH_INLINE_ALL
#include <xxhash.h>

namespace quire::server {

std::uint64_t path_hash(std::string_view text, std::uint64_t seed) noexcept {
  return XXH3_64bits_withSeed(text.data(), text.size(), seed);
}

}  // namespace quire::server
