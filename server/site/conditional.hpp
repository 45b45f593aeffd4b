// Preconditions of a GET or HEAD request, evaluated in the order of RFC 9110, section 13.2.2.
//
//   1. If-Match            false: 412
//   2. If-Unmodified-Since without If-Match; false: 412
//   3. If-None-Match       false: 304
//   4. If-Modified-Since   without If-None-Match; false: 304
//   5. If-Range            with Range; false: as if there were no Range
//
// A date that is malformed is ignored: the field counts as absent, but still
// not for the field beside it that takes its place. A malformed If-Match lists no tag, so it is
// false. A malformed If-None-Match lists no tag either, so it is true. Evaluate only when the
// answer without preconditions would be 200.
#pragma once

#include <quire/parser/fields/entity_tag.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::server {

// The fields of a request, as they came; a list that came in several field lines is joined by
// commas. Present but empty is not absent.
struct preconditions {
  std::optional<std::string_view> if_match = {};
  std::optional<std::string_view> if_unmodified_since = {};
  std::optional<std::string_view> if_none_match = {};
  std::optional<std::string_view> if_modified_since = {};
  std::optional<std::string_view> if_range = {};
};

// What the selected representation is known by.
struct validators {
  http::entity_tag entity_tag;
  std::optional<std::int64_t> last_modified;  // seconds since 1970; as Last-Modified states it
};

enum class precondition_verdict : std::uint8_t {
  proceed,              // 200, or 206 if there is a Range
  ignore_range,         // 200, whatever Range says
  not_modified,         // 304
  precondition_failed,  // 412
};

// `now` is the time in seconds since 1970, as Date states it.
[[nodiscard]] precondition_verdict evaluate_preconditions(preconditions const& request,
                                                          validators const& current,
                                                          std::int64_t now) noexcept;

// What Last-Modified may state of a file: nothing when the file system's time is later than now
// (RFC 9110, section 8.8.2.1).
[[nodiscard]] std::optional<std::int64_t> stated_last_modified(std::int64_t modified_ns,
                                                               std::int64_t now) noexcept;

}  // namespace quire::server
