// An address and a port of the Internet Protocol, version 4 or 6, without any operating system's
// type.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::io {

struct endpoint {
  std::array<std::uint8_t, 16> address{};  // The first four bytes for version 4.
  std::uint32_t scope = 0;                 // Version 6 link-local: the interface.
  std::uint16_t port = 0;
  bool v6 = false;

  friend bool operator==(endpoint const&, endpoint const&) = default;
};

// Reads "127.0.0.1:8080", "[::1]:8080", ":8080" (any address of version 4), "8080" (the same).
// False when the text is none of these; `out` is then unchanged. Names are not looked up.
[[nodiscard]] bool parse_endpoint(std::string_view text, endpoint& out) noexcept;

// The longest text of an endpoint: "[ffff:…%4294967295]:65535".
inline constexpr std::size_t endpoint_text_max = 64;

// Writes "127.0.0.1:8080" or "[::1]:8080" (RFC 5952); returns the text within `memory`.
std::string_view format_endpoint(endpoint const& e,
                                 std::array<char, endpoint_text_max>& memory) noexcept;
// The address alone, without brackets and port.
std::string_view format_address(endpoint const& e,
                                std::array<char, endpoint_text_max>& memory) noexcept;

}  // namespace quire::io
