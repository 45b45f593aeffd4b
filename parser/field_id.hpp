// Numbers for the well-known field names, found while a name is read.
//
// A name costs one multiplication, one load from a table of 512 bytes and at most four word
// compares; the hash is perfect over the names below, which is checked at compile time. Names that
// are not in the list are `other`; field names are case-insensitive (RFC 9110, section 5.1).
#pragma once

#include <quire/parser/word.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::http {

enum class field_id : std::uint8_t {
  other,
  // The parser itself acts on these.
  content_length,
  transfer_encoding,
  host,
  connection,
  upgrade,
  // All others, in the order of the alphabet.
  accept,
  accept_charset,
  accept_encoding,
  accept_language,
  accept_ranges,
  access_control_allow_credentials,
  access_control_allow_headers,
  access_control_allow_methods,
  access_control_allow_origin,
  access_control_expose_headers,
  access_control_max_age,
  access_control_request_headers,
  access_control_request_method,
  age,
  allow,
  alt_svc,
  authorization,
  cache_control,
  content_disposition,
  content_encoding,
  content_language,
  content_location,
  content_range,
  content_security_policy,
  content_type,
  cookie,
  date,
  dnt,
  etag,
  expect,
  expires,
  forwarded,
  from,
  if_match,
  if_modified_since,
  if_none_match,
  if_range,
  if_unmodified_since,
  keep_alive,
  last_modified,
  link,
  location,
  max_forwards,
  origin,
  pragma,
  prefer,
  priority,
  proxy_authenticate,
  proxy_authorization,
  proxy_connection,
  range,
  referer,
  refresh,
  retry_after,
  sec_ch_ua,
  sec_ch_ua_mobile,
  sec_ch_ua_platform,
  sec_fetch_dest,
  sec_fetch_mode,
  sec_fetch_site,
  sec_fetch_user,
  sec_gpc,
  sec_websocket_accept,
  sec_websocket_extensions,
  sec_websocket_key,
  sec_websocket_protocol,
  sec_websocket_version,
  server,
  set_cookie,
  strict_transport_security,
  te,
  trailer,
  upgrade_insecure_requests,
  user_agent,
  vary,
  via,
  www_authenticate,
  x_content_type_options,
  x_forwarded_for,
  x_forwarded_host,
  x_forwarded_proto,
  x_frame_options,
  x_real_ip,
  x_request_id,
  x_requested_with,
};

inline constexpr std::array<std::string_view, 91> field_names = {"",
                                                                 "content-length",
                                                                 "transfer-encoding",
                                                                 "host",
                                                                 "connection",
                                                                 "upgrade",
                                                                 "accept",
                                                                 "accept-charset",
                                                                 "accept-encoding",
                                                                 "accept-language",
                                                                 "accept-ranges",
                                                                 "access-control-allow-credentials",
                                                                 "access-control-allow-headers",
                                                                 "access-control-allow-methods",
                                                                 "access-control-allow-origin",
                                                                 "access-control-expose-headers",
                                                                 "access-control-max-age",
                                                                 "access-control-request-headers",
                                                                 "access-control-request-method",
                                                                 "age",
                                                                 "allow",
                                                                 "alt-svc",
                                                                 "authorization",
                                                                 "cache-control",
                                                                 "content-disposition",
                                                                 "content-encoding",
                                                                 "content-language",
                                                                 "content-location",
                                                                 "content-range",
                                                                 "content-security-policy",
                                                                 "content-type",
                                                                 "cookie",
                                                                 "date",
                                                                 "dnt",
                                                                 "etag",
                                                                 "expect",
                                                                 "expires",
                                                                 "forwarded",
                                                                 "from",
                                                                 "if-match",
                                                                 "if-modified-since",
                                                                 "if-none-match",
                                                                 "if-range",
                                                                 "if-unmodified-since",
                                                                 "keep-alive",
                                                                 "last-modified",
                                                                 "link",
                                                                 "location",
                                                                 "max-forwards",
                                                                 "origin",
                                                                 "pragma",
                                                                 "prefer",
                                                                 "priority",
                                                                 "proxy-authenticate",
                                                                 "proxy-authorization",
                                                                 "proxy-connection",
                                                                 "range",
                                                                 "referer",
                                                                 "refresh",
                                                                 "retry-after",
                                                                 "sec-ch-ua",
                                                                 "sec-ch-ua-mobile",
                                                                 "sec-ch-ua-platform",
                                                                 "sec-fetch-dest",
                                                                 "sec-fetch-mode",
                                                                 "sec-fetch-site",
                                                                 "sec-fetch-user",
                                                                 "sec-gpc",
                                                                 "sec-websocket-accept",
                                                                 "sec-websocket-extensions",
                                                                 "sec-websocket-key",
                                                                 "sec-websocket-protocol",
                                                                 "sec-websocket-version",
                                                                 "server",
                                                                 "set-cookie",
                                                                 "strict-transport-security",
                                                                 "te",
                                                                 "trailer",
                                                                 "upgrade-insecure-requests",
                                                                 "user-agent",
                                                                 "vary",
                                                                 "via",
                                                                 "www-authenticate",
                                                                 "x-content-type-options",
                                                                 "x-forwarded-for",
                                                                 "x-forwarded-host",
                                                                 "x-forwarded-proto",
                                                                 "x-frame-options",
                                                                 "x-real-ip",
                                                                 "x-request-id",
                                                                 "x-requested-with"};

constexpr std::string_view to_string(field_id id) noexcept {
  return field_names[static_cast<std::size_t>(id)];
}

// True for the names that the parser itself acts on.
constexpr bool is_framing_field(field_id id) noexcept {
  return id <= field_id::upgrade && id != field_id::other;
}

namespace detail {

inline constexpr std::size_t known_name_length_max = 32;

// Requires: size != 0. Letters may be upper or lower case.
constexpr std::size_t field_name_hash(char const* name, std::size_t size) noexcept {
  auto const octet = [name](std::size_t i) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(name[i]) | 0x20u);
  };
  std::uint32_t const key = (static_cast<std::uint32_t>(size) & 0xff) | octet(0) << 8 |
                            octet(size * 3 / 4) << 16 | octet(size - 1) << 24;
  return key * 0x3468275du >> 23;
}

// A known name in lower case, padded with zeros, so that it can be compared as words.
struct known_name {
  std::array<char, known_name_length_max> text{};
  std::uint8_t size = 0;
};

struct field_name_table {
  std::array<known_name, field_names.size()> names{};
  std::array<std::uint8_t, 512> id_of_hash{};
  bool is_perfect = true;
};

constexpr field_name_table make_field_name_table() noexcept {
  field_name_table table{};
  for (std::size_t id = 1; id < field_names.size(); ++id) {
    std::string_view const name = field_names[id];
    for (std::size_t i = 0; i < name.size(); ++i) table.names[id].text[i] = name[i];
    table.names[id].size = static_cast<std::uint8_t>(name.size());
    std::uint8_t& slot = table.id_of_hash[field_name_hash(name.data(), name.size())];
    if (slot != 0) table.is_perfect = false;
    slot = static_cast<std::uint8_t>(id);
  }
  return table;
}

inline constexpr field_name_table known_fields = make_field_name_table();
static_assert(known_fields.is_perfect);

}  // namespace detail

// The number of a field name. Requires: all octets are token characters; `size` != 0; `readable`
// octets, at least `size`, may be read from `name` on.
inline field_id field_id_of(char const* name, std::size_t size, std::size_t readable) noexcept {
  std::uint8_t const id = detail::known_fields.id_of_hash[detail::field_name_hash(name, size)];
  detail::known_name const& known = detail::known_fields.names[id];
  if (known.size != size) return field_id::other;
  // Setting bit 5 makes letters lower case and maps no other token character to a letter or hyphen.
  char const* const text = known.text.data();
  if (size < 8) {
    std::uint64_t const word = readable >= 8 ? detail::load8(name) : detail::load_few(name, size);
    bool const same =
        (detail::first_octets(word, size) | detail::first_octets(detail::bit_5, size)) ==
        (detail::load8(text) | detail::first_octets(detail::bit_5, size));
    return same ? static_cast<field_id>(id) : field_id::other;
  }
  std::uint64_t difference = (detail::load8(name) | detail::bit_5) ^ detail::load8(text);
  difference |= (detail::load8(name + size - 8) | detail::bit_5) ^ detail::load8(text + size - 8);
  if (size > 16) {
    difference |= (detail::load8(name + 8) | detail::bit_5) ^ detail::load8(text + 8);
    if (size > 24)
      difference |= (detail::load8(name + 16) | detail::bit_5) ^ detail::load8(text + 16);
  }
  return difference == 0 ? static_cast<field_id>(id) : field_id::other;
}

inline field_id field_id_of(std::string_view name) noexcept {
  return name.empty() ? field_id::other : field_id_of(name.data(), name.size(), name.size());
}

}  // namespace quire::http
