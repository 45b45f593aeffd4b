// The limits of what a peer may send. RFC 9112, sections 2.2, 3 and 7.1; RFC 6585, section 5.
//
// Every length and every count that a peer controls has one. A length is in octets. The defaults
// suit a server that faces the internet; RFC 9112 asks for at least 8000 octets of request line.
#pragma once

#include <cstdint>

namespace quire::http {

struct limits {
  // Empty lines that are skipped before a start line; old clients send one after a body.
  std::uint32_t empty_lines_max = 1;
  // Longest registered method: 17.
  std::uint32_t method_length_max = 32;
  std::uint32_t target_length_max = 8192;
  // Method, target, version and the spaces between them.
  std::uint32_t request_line_length_max = 8192 + 64;
  std::uint32_t reason_length_max = 512;
  std::uint32_t field_name_length_max = 256;
  // Name, colon, value and the white space around it.
  std::uint32_t field_line_length_max = 16384;
  std::uint32_t field_count_max = 128;
  // From the first field line to the end of the last one.
  std::uint32_t field_section_length_max = 65536;
  std::uint32_t trailer_count_max = 32;
  std::uint32_t trailer_section_length_max = 8192;
  // Digits of one chunk size, leading zeros included; never more than 16 are taken.
  std::uint32_t chunk_size_digits_max = 16;
  // All chunk extensions of one message together: an attack that makes a server read without end.
  std::uint32_t chunk_extensions_length_max = 4096;
  // The content of one message. The default leaves room to add offsets without overflow.
  std::uint64_t content_length_max = (std::uint64_t{1} << 62) - 1;

  // Next to no limits, for tools that judge syntax; the sums above still cannot overflow.
  static constexpr limits wide() noexcept {
    constexpr std::uint32_t most = std::uint32_t{1} << 30;
    limits all;
    all.method_length_max = most;
    all.target_length_max = most;
    all.request_line_length_max = most;
    all.reason_length_max = most;
    all.field_name_length_max = most;
    all.field_line_length_max = most;
    all.field_count_max = most;
    all.field_section_length_max = most;
    all.trailer_count_max = most;
    all.trailer_section_length_max = most;
    all.chunk_extensions_length_max = most;
    return all;
  }
};

// What a parser uses that was given no limits of its own.
inline constexpr limits default_limits{};

}  // namespace quire::http
