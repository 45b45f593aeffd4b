// A strong entity tag from what the file system knows of a file. RFC 9110, section 8.8.3.
//
// Size, time of modification and time of the last change of the inode, in nanoseconds: two versions
// within one second differ, and so do two files that were given the same time of modification (by a
// package, an archive, `cp -p`) and took each other's place. The price: replicas of a site
// disagree, and a change of permissions makes a new tag. A hash of the content has neither fault.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace quire::server {

struct file_version {
  std::uint64_t size = 0;        // bytes
  std::int64_t modified_ns = 0;  // nanoseconds since 1970
  std::int64_t changed_ns =
      0;  // the same for the inode; the time of modification where there is none
};

// Three numbers of 16 hexadecimal digits, two hyphens, two quotes.
inline constexpr std::size_t file_entity_tag_max = 3 * 16 + 2 + 2;

// Writes the tag with its quotes and returns it.
[[nodiscard]] std::string_view write_file_entity_tag(
    file_version const& version, std::span<char, file_entity_tag_max> out) noexcept;

}  // namespace quire::server
