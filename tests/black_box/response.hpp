// A response as it came: status line, field lines and content, and the checks that hold for all.
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quire::test {

struct response {
  std::string version;
  int status = 0;
  std::string reason;
  std::vector<std::pair<std::string, std::string>> fields;
  std::string content;
  bool complete = false;  // The content is as long as the head says.

  // The value of the only field of this name; nothing when there is none. Throws when there are
  // more.
  std::optional<std::string> field(std::string_view name) const;
  bool has(std::string_view name) const { return field(name).has_value(); }
  // "200", or "200 cut short": what most tests want to know first.
  std::string verdict() const;
  bool keeps_connection() const;
};

// Reads a head that ends with an empty line. Throws when it is malformed.
response parse_head(std::string_view head);

// The length of the content that follows; nothing when it lasts until the connection closes.
std::optional<std::size_t> content_length(response const& head, bool answers_head);

// Expects what every response must have: the version, one Date in the right form that is about now,
// and a name of the server that tells no version.
void expect_well_formed(response const& r);

// Expects a short page of HTML that holds no byte of markup from outside, beside all the above.
void expect_error_page(response const& r, int status);

}  // namespace quire::test
