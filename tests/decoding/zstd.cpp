#include "tests/decoding/decoder.hpp"

#include <zstd.h>

namespace quire::test {

std::optional<std::string> decode_zstd(std::string_view content) {
  ZSTD_DCtx* const s = ZSTD_createDCtx();
  ZSTD_inBuffer in{content.data(), content.size(), 0};
  std::string out;
  std::array<char, 65536> room;
  std::size_t result = 1;
  bool progress = true;
  while (result != 0 && ZSTD_isError(result) == 0 && progress) {
    ZSTD_outBuffer target{room.data(), room.size(), 0};
    std::size_t const before = in.pos;
    result = ZSTD_decompressStream(s, &target, &in);
    out.append(room.data(), target.pos);
    progress = in.pos != before || target.pos != 0;
  }
  ZSTD_freeDCtx(s);
  if (result != 0 || in.pos != in.size) return std::nullopt;
  return out;
}

}  // namespace quire::test
