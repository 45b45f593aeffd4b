// A line that was found ahead of the call that hands it out: numbers only, relative to where the
// call finds `first`, so that it stays right when the octets move.
#pragma once

#include <quire/parser/node.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::http {

// Written and read member by member: a load of all of it at once would wait until the narrower
// stores have left the store buffer.
struct alignas(16) found_line {
  std::uint32_t what;  // The type, and 65536 times the id of a node.
  std::uint16_t front_size;
  std::uint16_t back_offset;
  std::uint32_t back_size;
  std::uint32_t step;  // From `first` to the first octet of the next line.
};

constexpr node_type type_of(found_line const& line) noexcept {
  return static_cast<node_type>(line.what & 0xff);
}
constexpr std::uint16_t id_of(found_line const& line) noexcept {
  return static_cast<std::uint16_t>(line.what >> 16);
}

// No more octets are searched at once for usual lines, so that the numbers above hold every size.
inline constexpr std::size_t found_line_length_max = 0xff00;

}  // namespace quire::http
