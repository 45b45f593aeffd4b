#include "tests/decoding/decode.hpp"

#include "tests/decoding/decoder.hpp"

namespace quire::test {

std::optional<std::string> decode(std::string_view coding, std::string_view content) {
  for (decoder const& d : decoders()) {
    if (d.coding == coding) return d.decode(content);
  }
  return std::nullopt;
}

}  // namespace quire::test
