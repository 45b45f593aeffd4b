#include <quire/server/site/status.hpp>

namespace quire::server {
namespace {

struct named_status {
  status code;
  std::string_view phrase;
};

constexpr named_status names[] = {
    {status::continue_, "Continue"},
    {status::switching_protocols, "Switching Protocols"},
    {status::ok, "OK"},
    {status::no_content, "No Content"},
    {status::partial_content, "Partial Content"},
    {status::moved_permanently, "Moved Permanently"},
    {status::found, "Found"},
    {status::see_other, "See Other"},
    {status::not_modified, "Not Modified"},
    {status::temporary_redirect, "Temporary Redirect"},
    {status::permanent_redirect, "Permanent Redirect"},
    {status::bad_request, "Bad Request"},
    {status::unauthorized, "Unauthorized"},
    {status::forbidden, "Forbidden"},
    {status::not_found, "Not Found"},
    {status::method_not_allowed, "Method Not Allowed"},
    {status::not_acceptable, "Not Acceptable"},
    {status::request_timeout, "Request Timeout"},
    {status::gone, "Gone"},
    {status::length_required, "Length Required"},
    {status::precondition_failed, "Precondition Failed"},
    {status::content_too_large, "Content Too Large"},
    {status::uri_too_long, "URI Too Long"},
    {status::range_not_satisfiable, "Range Not Satisfiable"},
    {status::expectation_failed, "Expectation Failed"},
    {status::misdirected_request, "Misdirected Request"},
    {status::upgrade_required, "Upgrade Required"},
    {status::too_many_requests, "Too Many Requests"},
    {status::request_header_fields_too_large, "Request Header Fields Too Large"},
    {status::internal_server_error, "Internal Server Error"},
    {status::not_implemented, "Not Implemented"},
    {status::bad_gateway, "Bad Gateway"},
    {status::service_unavailable, "Service Unavailable"},
    {status::gateway_timeout, "Gateway Timeout"},
    {status::http_version_not_supported, "HTTP Version Not Supported"},
    {status::insufficient_storage, "Insufficient Storage"},
};

}  // namespace

std::string_view reason_phrase(status s) noexcept {
  for (auto const& name : names) {
    if (name.code == s) return name.phrase;
  }
  return {};
}

}  // namespace quire::server
