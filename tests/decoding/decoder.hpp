// A decoder for one content coding; CMake makes the table of those whose libraries are there.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace quire::test {

struct decoder {
  std::string_view coding;
  std::optional<std::string> (*decode)(std::string_view content);
};
std::span<decoder const> decoders();

}  // namespace quire::test
