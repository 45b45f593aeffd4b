// Numbers for the well-known field names.
//
// A name costs one multiplication, one load from a table of 512 bytes and at most four word
// compares; the hash is perfect over the names below, which is checked at compile time. Names that
// are not in the list are `other`; field names are case-insensitive (RFC 9110, section 5.1).
#pragma once

#include <quire/parser/word.hpp>

#include <array>
#include <bit>
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
  want_repr_digest,
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

inline constexpr std::array<std::string_view, 92> field_names = {"",
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
                                                                 "want-repr-digest",
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

// What names of more than 16 octets are compared by besides.
struct middle_words {
  std::uint64_t second = 0;
  std::uint64_t third = 0;  // From 25 octets on.
};

[[gnu::always_inline]] constexpr std::size_t field_name_hash(std::uint64_t head, std::uint64_t tail,
                                                             std::size_t size) noexcept {
  return ((head + std::rotl(tail, 9)) ^ size) * 0x1e6ee0c4bbca1d35u >> 55;
}

// What a name is found and compared by: its first eight octets and its last eight, which overlap in
// names up to 16. Shorter ones than eight are all in `head`. The index is the field_id.
struct alignas(32) known_name {
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  std::uint64_t size = 0;
};

struct field_name_table {
  known_name names[field_names.size()]{};
  middle_words middles[field_names.size()]{};
  std::uint8_t index_of_hash[512]{};
  bool is_perfect = true;
};

consteval field_name_table make_field_name_table() noexcept {
  field_name_table table{};
  for (std::size_t i = 1; i < field_names.size(); ++i) {
    std::string_view const name = field_names[i];
    known_name& known = table.names[i];
    known = {word_of(name), 0, name.size()};
    if (name.size() >= 8) known.tail = word_of(name.substr(name.size() - 8));
    if (name.size() > 16) table.middles[i].second = word_of(name.substr(8));
    if (name.size() > 24) table.middles[i].third = word_of(name.substr(16));
    std::uint8_t& slot = table.index_of_hash[field_name_hash(known.head, known.tail, name.size())];
    if (slot != 0) table.is_perfect = false;
    slot = static_cast<std::uint8_t>(i);
  }
  return table;
}

inline constexpr field_name_table known_fields = make_field_name_table();
static_assert(known_fields.is_perfect);

// The first octet of the one framing field whose name has so many octets, or 0.
inline constexpr char framing_field_starts[18] = {0, 0,   0, 0, 'h', 0,   0, 'u', 0,
                                                  0, 'c', 0, 0, 0,   'c', 0, 0,   't'};

inline constexpr auto word_host = static_cast<std::uint32_t>(word_of("host"));
inline constexpr std::uint64_t word_upgrade = word_of("upgrade");

// The number of a name if the parser itself acts on it, else `other`. Looks at nothing but `size`
// octets.
[[gnu::always_inline]] inline field_id framing_field_of(char const* name,
                                                        std::size_t size) noexcept {
  if (size >= sizeof framing_field_starts || (*name | 0x20) != framing_field_starts[size]) {
    return field_id::other;
  }
  if (size == 4) {
    std::uint32_t const word = load4(name) | static_cast<std::uint32_t>(bit_5);
    return word == word_host ? field_id::host : field_id::other;
  }
  if (size == 7) {
    std::uint64_t const word = load_few(name, size) | first_octets(bit_5, size);
    return word == word_upgrade ? field_id::upgrade : field_id::other;
  }
  field_id const id = size == 10   ? field_id::connection
                      : size == 14 ? field_id::content_length
                                   : field_id::transfer_encoding;
  known_name const& known = known_fields.names[static_cast<std::size_t>(id)];
  std::uint64_t const difference =
      ((load8(name) | bit_5) ^ known.head) | ((load8(name + size - 8) | bit_5) ^ known.tail);
  // Of 17 octets the one in the middle is left.
  return difference == 0 && (size != 17 || name[8] == '-') ? id : field_id::other;
}

}  // namespace detail

// The number of a field name. Requires: all octets are token characters; `readable` octets, at
// least `size`, may be read from `name` on.
[[gnu::always_inline]] inline field_id field_id_of(char const* name, std::size_t size,
                                                   std::size_t readable) noexcept {
  // Setting bit 5 makes letters lower case, and makes no other token character a letter or a
  // hyphen.
  std::uint64_t head = 0;
  std::uint64_t tail = 0;
  if (size >= 8) {
    head = detail::load8(name) | detail::bit_5;
    tail = detail::load8(name + size - 8) | detail::bit_5;
  } else {
    std::uint64_t const word = readable >= 8 ? detail::load8(name) : detail::load_few(name, size);
    head = detail::first_octets(word | detail::bit_5, size);
  }
  std::size_t const index =
      detail::known_fields.index_of_hash[detail::field_name_hash(head, tail, size)];
  detail::known_name const& known = detail::known_fields.names[index];
  if (((known.head ^ head) | (known.tail ^ tail) | (known.size ^ size)) != 0) {
    return field_id::other;
  }
  if (size > 16) [[unlikely]] {
    detail::middle_words const& middle = detail::known_fields.middles[index];
    std::uint64_t difference = (detail::load8(name + 8) | detail::bit_5) ^ middle.second;
    if (size > 24) difference |= (detail::load8(name + 16) | detail::bit_5) ^ middle.third;
    if (difference != 0) return field_id::other;
  }
  return static_cast<field_id>(index);
}

inline field_id field_id_of(std::string_view name) noexcept {
  return field_id_of(name.data(), name.size(), name.size());
}

}  // namespace quire::http
