#include <quire/parser/scan_tables.hpp>

#include <quire/parser/characters.hpp>

namespace quire::http::scan {
namespace {

consteval repeated_octet repeated(std::uint8_t octet) {
  repeated_octet r{};
  for (std::uint8_t& o : r.octets) o = octet;
  return r;
}

consteval found_line empty_line(node_type type) {
  return {static_cast<std::uint32_t>(type), 0, 0, 0, 0};
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

// reg-name and the colon. Digits and the colon have bits of their own; the six rows from 0x20 on
// share the others.
consteval nibble_tables make_host_tables() {
  nibble_tables tables{};
  for (unsigned c = 0x20; c < 0x80; ++c) {
    bool const digit = c >= '0' && c <= '9';
    bool const reg_name =
        (character_table[c] & static_cast<unsigned>(character_class::reg_name)) != 0;
    unsigned const row = 1u << ((c >> 4) - 2);
    unsigned const bit = digit ? common_of_digit : c == ':' ? common_of_colon : reg_name ? row : 0;
    for (unsigned at = 0; at < 64; at += 16) {
      std::uint8_t& low = tables.low[at + (c & 15)];
      low = static_cast<std::uint8_t>(low | bit);
      std::uint8_t& high = tables.high[at + (c >> 4)];
      high = static_cast<std::uint8_t>(high | row | bit);
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

constinit kernel_tables const tables = {
    make_nibble_tables(character_class::token),
    make_nibble_tables(character_class::target),
    make_host_tables(),
    repeated(0x01),
    repeated(0x0f),
    repeated(0x21),
    {empty_line(node_type::fields_end), empty_line(node_type::end)},
    {'H', 'T', 'T', 'P', '/', '1', '.', '1', '\r', '\n', 'h', 'o', 's', 't', ':', ' '},
    {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0x20, 0x20, 0x20, 0x20, 0, 0},
    make_octet_set(character_class::token),
    make_octet_set(character_class::reg_name),
};

}  // namespace quire::http::scan
