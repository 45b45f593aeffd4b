// The short HTML body of an answer that is no file: an error or a redirect. RFC 9110, section 15.
//
// Title, a sentence about what the status means, and, where they help, a sentence about this
// request and a link. All text from outside is escaped. Written to memory of the caller, a page of
// 4 KiB holds every body whose detail and location are below 500 octets.
#pragma once

#include <quire/server/site/status.hpp>

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace quire::server {

struct error_page {
  status code = status::internal_server_error;
  std::string_view detail = {};    // a sentence; any octets
  std::string_view location = {};  // where a redirect leads; a URI reference
};

inline constexpr std::string_view error_page_type = "text/html; charset=utf-8";

// Writes the body. Returns the size; nothing when `out` is too small.
[[nodiscard]] std::optional<std::size_t> write_error_page(error_page const& page,
                                                          std::span<char> out) noexcept;

}  // namespace quire::server
