// Content that no coding makes smaller, the same in each run.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace quire::test {

inline std::string noise(std::size_t size) {
  std::string out(size, '\0');
  std::uint32_t x = 1;
  for (char& c : out) {
    x = x * 1664525 + 1013904223;
    c = static_cast<char>(x >> 24);
  }
  return out;
}

}  // namespace quire::test
