// The value of the Host field, and the authority of a request-target. RFC 9110, section 7.2; RFC
// 9112, section 3.2; RFC 3986, section 3.2.
//
//   Host          = uri-host [ ":" port ]
//   uri-host      = IP-literal / IPv4address / reg-name
//   IP-literal    = "[" ( IPv6address / IPvFuture ) "]"
//   reg-name      = *( unreserved / pct-encoded / sub-delims )
//   port          = *DIGIT
//
// One pass over the text, nothing copied. Stricter than the grammar in two points, because two
// servers could read such a value in two ways: a port above 65535 and a port without a host are
// errors. An empty value is no error here: it is what a client sends for a target without
// authority.
#pragma once

#include <optional>
#include <string_view>

namespace quire::http {

struct host_and_port {
  std::string_view host;  // with the brackets of an IP literal
  std::string_view port;  // the digits; empty when there are none
  int port_number = -1;   // -1 when there are no digits
};

// Splits a Host value; nothing when it is not valid. No white space around it is accepted, and no
// userinfo ("user@host").
[[nodiscard]] std::optional<host_and_port> parse_host(std::string_view text) noexcept;

// True for a value that parse_host() takes: what the field Host of a request must be.
[[nodiscard]] bool is_valid_host(std::string_view text) noexcept;

// An address as RFC 3986 writes it, without brackets and without a zone. RFC 3986, section 3.2.2.
[[nodiscard]] bool is_ipv6_address(std::string_view text) noexcept;

// Four decimal numbers up to 255, without leading zeros.
[[nodiscard]] bool is_ipv4_address(std::string_view text) noexcept;

}  // namespace quire::http
