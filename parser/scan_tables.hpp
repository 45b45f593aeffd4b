// Classes of octets as tables for the scan kernels.
//
// Declared only: compilers would make a vector that they know anew, by several instructions,
// instead of loading it. One set serves the kernels of all instruction sets.
#pragma once

#include <quire/parser/found_line.hpp>

#include <cstdint>

namespace quire::http::scan {

// Two tables of 16, for instructions that look up 16 octets at once, each repeated for the widest
// vector. An octet is in the class when low[low four bits] and high[high four bits] have a bit in
// common.
struct nibble_tables {
  alignas(64) std::uint8_t low[64];
  alignas(64) std::uint8_t high[64];
};

// Of the table for Host, what an octet has in common: of a digit, of a colon. Of the other octets
// of reg-name something else; of all others nothing.
inline constexpr std::uint8_t common_of_digit = 0x80;
inline constexpr std::uint8_t common_of_colon = 0x40;

struct repeated_octet {
  alignas(64) std::uint8_t octets[64];
};

struct octet_set {
  bool has[256];
  [[gnu::always_inline]] constexpr bool operator[](unsigned char c) const { return has[c]; }
};

// One object, so that its address is loaded once.
struct kernel_tables {
  nibble_tables token;
  nibble_tables target;
  nibble_tables host;
  repeated_octet all_0x01;
  repeated_octet all_0x0f;
  repeated_octet all_0x21;
  // The lines fields_end and end of a request without content.
  found_line request_end[2];
  // "HTTP/1.1" CRLF "host: ", and which bits are set in capital letters of "Host" to compare it.
  alignas(16) char version_and_host[16];
  alignas(16) char case_of_host[16];
  octet_set is_token;
  octet_set is_reg_name;
};
extern kernel_tables const tables;

}  // namespace quire::http::scan
