// An element that was found ahead of the call that hands it out: numbers only, relative to where
// the call finds `first`, so that it stays right when the octets move.
#pragma once

#include <quire/parser/node.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::http {

struct found_element {
  std::uint16_t size;  // Octets of the element, which starts at `first`.
  std::uint16_t step;  // From there to the first octet of the next element.
  std::uint16_t id;
  node_type type;  // none: nothing was found ahead.
};

// Lines that are longer are read by the grammar alone, so that the numbers above hold every size.
inline constexpr std::size_t found_line_length_max = 0xff00;

}  // namespace quire::http
