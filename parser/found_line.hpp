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
// Makes `out` the element of a line that starts at `first`, and says what parse() says with it.
// Fields are told apart first, so that a loop that keeps these alone reads no more of other lines
// than their type.
template <class Iterator>
[[gnu::always_inline]] inline result give(found_line const& line, Iterator const& first,
                                          node<Iterator>& out) noexcept {
  if (type_of(line) == node_type::field) [[likely]] {
    out = {node_type::field, 0, 0, line.front_size, line.back_size, line.back_offset, first};
    return result::ok;
  }
  out = {type_of(line), 0, id_of(line), line.front_size, line.back_size, line.back_offset, first};
  return out.type == node_type::end ? result::done : result::ok;
}

// No more octets are searched at once for usual lines, so that the numbers above hold every size.
inline constexpr std::size_t found_line_length_max = 0xff00;

}  // namespace quire::http
