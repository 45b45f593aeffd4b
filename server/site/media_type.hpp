// The media type of a file, by its extension. RFC 9110, section 8.3.
//
// The table is generated from mime-db (media_types.inc, by generate_media_types.py) and sorted: a
// lookup is a binary search, without regard to case, and allocates nothing. The types of scripts
// and texts carry "; charset=utf-8", because without it browsers guess: text/* has it, JavaScript
// being text/javascript (RFC 9239). XML and JSON types have none: XML states its own encoding, JSON
// has but one (RFC 8259, section 8.1).
#pragma once

#include <string_view>

namespace quire::server {

struct media_type {
  std::string_view text;      // as Content-Type states it
  bool compressible = false;  // a general compression makes such files smaller
};

// What a file without an extension, or with one that nobody knows, is.
inline constexpr media_type unknown_media_type = {"application/octet-stream", false};

// The type of a file by its name or path. What follows the last dot of the last segment decides; a
// dot at the start of the segment starts no extension.
[[nodiscard]] media_type media_type_of(std::string_view path) noexcept;

}  // namespace quire::server
