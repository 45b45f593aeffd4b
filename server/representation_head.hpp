// What is made once for each generation of a file: its entity tag and the head of its 200 response.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/io/file_status.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quire::server {

// A strong entity tag: a hash of the content, so that replicas of a site agree and time stamps do
// not matter. XXH3, 64 bits: the content is the site's own, so nobody looks for collisions.
[[nodiscard]] std::string content_entity_tag(buffer const& content);

// A strong entity tag for a file that is too large to be hashed: size and times.
[[nodiscard]] std::string version_entity_tag(io::file_status const& status);

// Everything of the head but Connection and the empty line. The value of Date, at `date_offset`, is
// to be written by whoever sends it.
[[nodiscard]] std::string representation_head(std::string_view media_type, std::uint64_t size,
                                              std::string_view entity_tag,
                                              std::optional<std::int64_t> last_modified,
                                              std::size_t& date_offset);

}  // namespace quire::server
