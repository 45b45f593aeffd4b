#include "tests/decoding/decoder.hpp"

#include <brotli/decode.h>

namespace quire::test {

std::optional<std::string> decode_br(std::string_view content) {
  BrotliDecoderState* const s = BrotliDecoderCreateInstance(nullptr, nullptr, nullptr);
  auto const* next_in = reinterpret_cast<std::uint8_t const*>(content.data());
  std::size_t left = content.size();
  std::string out;
  std::array<std::uint8_t, 65536> room;
  BrotliDecoderResult result = BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT;
  while (result == BROTLI_DECODER_RESULT_NEEDS_MORE_OUTPUT) {
    std::uint8_t* next_out = room.data();
    std::size_t free = room.size();
    result = BrotliDecoderDecompressStream(s, &left, &next_in, &free, &next_out, nullptr);
    out.append(reinterpret_cast<char const*>(room.data()), room.size() - free);
  }
  BrotliDecoderDestroyInstance(s);
  if (result != BROTLI_DECODER_RESULT_SUCCESS || left != 0) return std::nullopt;
  return out;
}

}  // namespace quire::test
