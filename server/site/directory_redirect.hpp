// The Location that sends "/dir" to "/dir/". RFC 9110, section 10.2.2.
//
// It is an absolute path and nothing else, so that scheme, host and port stay what the client used,
// whatever proxy is between. It starts with exactly one slash and no backslash follows: a reference
// that starts with "//" or "/\" would be read as the name of another host.
#pragma once

#include <quire/server/site/request_path.hpp>

#include <cstddef>
#include <optional>
#include <span>

namespace quire::server {

// Writes the Location for `path`, a path without its slash at the end, and its query. Returns the
// size; nothing when `out` is too small.
[[nodiscard]] std::optional<std::size_t> write_directory_location(request_path const& path,
                                                                  std::span<char> out) noexcept;

}  // namespace quire::server
