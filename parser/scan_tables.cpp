#include <quire/parser/scan_tables.hpp>

#include <quire/parser/characters.hpp>

namespace quire::http::scan {
namespace {

consteval repeated_octet repeated(std::uint8_t octet) {
  repeated_octet r{};
  for (std::uint8_t& o : r.octets) o = octet;
  return r;
}

// For classes of octets below 0x80 only: each row of 16 from 0x00 to 0x7f has a bit of its own.
consteval nibble_tables make_nibble_tables(character_class k) {
  nibble_tables tables{};
  for (unsigned c = 0; c < 0x80; ++c) {
    unsigned const row = 1u << (c >> 4);
    bool const in_class = (character_table[c] & static_cast<unsigned>(k)) != 0;
    for (unsigned at = 0; at < 64; at += 16) {
      tables.high[at + (c >> 4)] = static_cast<std::uint8_t>(row);
      std::uint8_t& low = tables.low[at + (c & 15)];
      if (in_class) low = static_cast<std::uint8_t>(low | row);
    }
  }
  return tables;
}

consteval octet_set make_octet_set(character_class k) {
  octet_set set{};
  for (unsigned c = 0; c < 256; ++c) {
    set.has[c] = (character_table[c] & static_cast<unsigned>(k)) != 0;
  }
  return set;
}

}  // namespace

constinit nibble_tables const token_tables = make_nibble_tables(character_class::token);
constinit nibble_tables const target_tables = make_nibble_tables(character_class::target);
constinit nibble_tables const reg_name_tables = make_nibble_tables(character_class::reg_name);

constinit repeated_octet const all_0x01 = repeated(0x01);
constinit repeated_octet const all_0x0f = repeated(0x0f);
constinit repeated_octet const all_0x21 = repeated(0x21);
constinit repeated_octet const all_0x46 = repeated(0x46);
constinit repeated_octet const all_0x76 = repeated(0x76);

constinit octet_set const is_token_octet = make_octet_set(character_class::token);
constinit octet_set const is_reg_name_octet = make_octet_set(character_class::reg_name);

}  // namespace quire::http::scan
