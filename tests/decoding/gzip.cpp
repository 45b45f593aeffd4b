#include "tests/decoding/decoder.hpp"

#include <zlib.h>

namespace quire::test {

std::optional<std::string> decode_gzip(std::string_view content) {
  z_stream s{};
  if (inflateInit2(&s, 15 + 16) != Z_OK) return std::nullopt;
  s.next_in = reinterpret_cast<Bytef*>(const_cast<char*>(content.data()));
  s.avail_in = static_cast<uInt>(content.size());
  std::string out;
  std::array<char, 65536> room;
  int result = Z_OK;
  while (result == Z_OK) {
    s.next_out = reinterpret_cast<Bytef*>(room.data());
    s.avail_out = static_cast<uInt>(room.size());
    result = inflate(&s, Z_NO_FLUSH);
    out.append(room.data(), room.size() - s.avail_out);
  }
  bool const whole = result == Z_STREAM_END && s.avail_in == 0;
  inflateEnd(&s);
  if (!whole) return std::nullopt;
  return out;
}

}  // namespace quire::test
