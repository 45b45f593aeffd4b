// Classes of octets as tables for the scan kernels.
//
// Declared only: compilers would make a vector that they know anew, by several instructions, instead
// of loading it. One set serves the kernels of all instruction sets.
#pragma once

#include <cstdint>

namespace quire::http::scan {

// Two tables of 16, for instructions that look up 16 octets at once, each repeated for the widest
// vector. An octet is in the class when low[low four bits] and high[high four bits] have a bit in
// common.
struct nibble_tables {
  alignas(64) std::uint8_t low[64];
  alignas(64) std::uint8_t high[64];
};
extern nibble_tables const token_tables;
extern nibble_tables const target_tables;
extern nibble_tables const reg_name_tables;

struct repeated_octet {
  alignas(64) std::uint8_t octets[64];
};
extern repeated_octet const all_0x01;
extern repeated_octet const all_0x0f;
extern repeated_octet const all_0x21;
extern repeated_octet const all_0x46;
extern repeated_octet const all_0x76;

struct octet_set {
  bool has[256];
  [[gnu::always_inline]] constexpr bool operator[](unsigned char c) const { return has[c]; }
};
extern octet_set const is_token_octet;
extern octet_set const is_reg_name_octet;

}  // namespace quire::http::scan
