// What the head of a response says of the representation that was selected. RFC 9110, section 8.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::server {

struct representation_fields {
  std::string_view media_type;
  std::string_view entity_tag;                // With its quotes.
  std::optional<std::int64_t> last_modified;  // Seconds since 1970.
  std::uint64_t length = 0;
  std::string_view content_coding = {};  // As Content-Encoding states it; empty: none.
  // Of Repr-Digest; empty: nobody has asked for one, or there is none.
  std::string_view digest = {};
  bool varies = false;  // There are others, of which Accept-Encoding selects.
};

}  // namespace quire::server
