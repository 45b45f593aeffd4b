// Entity tags, and the lists of them that If-Match and If-None-Match carry. RFC 9110,
// sections 8.8.3, 13.1.1 and 13.1.2.
//
//   entity-tag = [ weak ] opaque-tag          weak       = %s"W/"
//   opaque-tag = DQUOTE *etagc DQUOTE         etagc      = %x21 / %x23-7E / obs-text
//   If-Match   = "*" / #entity-tag            If-None-Match likewise
//
// A backslash escapes nothing in an opaque-tag, and a comma in it separates nothing: a list of tags
// must not be read as a list of quoted strings. Tags are views of the caller's text.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::http {

struct entity_tag {
  std::string_view opaque;  // what stands between the quotes
  bool weak = false;
};

// RFC 9110, section 8.8.3.2: equal, and neither is weak.
constexpr bool equal_strong(entity_tag const& a, entity_tag const& b) noexcept {
  return !a.weak && !b.weak && a.opaque == b.opaque;
}

// RFC 9110, section 8.8.3.2: equal, weak or not.
constexpr bool equal_weak(entity_tag const& a, entity_tag const& b) noexcept {
  return a.opaque == b.opaque;
}

// One entity tag and nothing else.
[[nodiscard]] std::optional<entity_tag> parse_entity_tag(std::string_view text) noexcept;

// Reads #entity-tag from left to right. Empty elements are skipped.
class entity_tag_reader {
 public:
  enum class result : std::uint8_t { tag, end, malformed };

  explicit entity_tag_reader(std::string_view list) noexcept : rest_(list) {}

  // The next tag; `malformed` is final.
  [[nodiscard]] result next(entity_tag& out) noexcept;

 private:
  std::string_view rest_;
  bool malformed_ = false;
};

enum class entity_tag_comparison : std::uint8_t { strong, weak };

enum class entity_tag_match : std::uint8_t {
  none,       // a list without the tag; also a list without tags
  one,        // the tag is in the list
  any,        // "*": any current representation
  malformed,  // neither "*" nor a list of entity tags, wherever the tag may be in it
};

// Looks for `current` in the value of If-Match (compare strong) or If-None-Match (compare weak).
// The whole value is checked, so what it says does not depend on where in a broken list the tag
// stands. Requires: `current` is an entity tag, so there is no quote within.
[[nodiscard]] entity_tag_match match_entity_tags(std::string_view list, entity_tag const& current,
                                                 entity_tag_comparison how) noexcept;

}  // namespace quire::http
