// Status codes by name and their reason phrases. RFC 9110, section 15.
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::server {

enum class status : std::uint16_t {
  continue_ = 100,
  switching_protocols = 101,
  ok = 200,
  no_content = 204,
  partial_content = 206,
  moved_permanently = 301,
  found = 302,
  see_other = 303,
  not_modified = 304,
  temporary_redirect = 307,
  permanent_redirect = 308,
  bad_request = 400,
  unauthorized = 401,
  forbidden = 403,
  not_found = 404,
  method_not_allowed = 405,
  not_acceptable = 406,
  request_timeout = 408,
  gone = 410,
  length_required = 411,
  precondition_failed = 412,
  content_too_large = 413,
  uri_too_long = 414,
  range_not_satisfiable = 416,
  expectation_failed = 417,
  misdirected_request = 421,
  upgrade_required = 426,
  too_many_requests = 429,
  request_header_fields_too_large = 431,
  internal_server_error = 500,
  not_implemented = 501,
  bad_gateway = 502,
  service_unavailable = 503,
  gateway_timeout = 504,
  http_version_not_supported = 505,
  insufficient_storage = 507,
};

constexpr int code(status s) noexcept {
  return static_cast<int>(s);
}

// "HTTP/1.1", the code and the reason phrase; empty for a code that has no name here.
[[nodiscard]] std::string_view status_line(status s) noexcept;
// The reason phrase; empty for a code that has no name here.
[[nodiscard]] std::string_view reason_phrase(status s) noexcept;

}  // namespace quire::server
