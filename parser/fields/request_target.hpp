// The request-target, split into its parts. RFC 9112, section 3.2.
//
//   request-target = origin-form / absolute-form / authority-form / asterisk-form
//   origin-form    = absolute-path [ "?" query ]
//   absolute-form  = scheme "://" authority path-abempty [ "?" query ]
//   authority-form = uri-host ":" port                ; CONNECT, and only CONNECT
//   asterisk-form  = "*"                              ; OPTIONS, and only OPTIONS
//
// Parts are views of the caller's text, as they were sent: nothing is decoded.
//
// Refused: controls, spaces and DEL, a fragment, userinfo, an authority without a host. Other
// octets that the URI grammar does not know (obs-text, `"`, `<`, `>`, `\`, `^`, `` ` ``, `{`, `|`,
// `}`) are let through, because browsers send some of them in queries; whoever makes a file name of
// a path must look at each octet anyway.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::http {

enum class target_form : std::uint8_t { origin, absolute, authority, asterisk };

struct request_target_parts {
  target_form form = target_form::origin;
  bool has_query = false;      // "?" was there; the query after it may be empty
  std::string_view scheme;     // absolute
  std::string_view authority;  // absolute and authority
  std::string_view host;       // absolute and authority; with the brackets of an IP literal
  std::string_view port;       // absolute and authority; digits, empty when there are none
  std::string_view path;       // origin: starts with "/"; absolute: so or empty, which means "/"
  std::string_view query;      // after the "?"
};

// Splits `target`, which `method` (case-sensitive) came with; nothing when it is in none of the
// forms that the method may have.
[[nodiscard]] std::optional<request_target_parts> split_request_target(
    std::string_view target, std::string_view method) noexcept;

}  // namespace quire::http
