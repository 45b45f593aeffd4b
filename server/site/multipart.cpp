#include <quire/server/site/multipart.hpp>

#include <quire/server/site/text_writer.hpp>

namespace quire::server {
namespace {

void write_delimiter(text_writer& writer, multipart const& m) noexcept {
  writer.text("--");
  writer.text(m.boundary_text());
}

// A step of splitmix64: each bit of the outcome depends on each of x.
std::uint64_t mix(std::uint64_t x) noexcept {
  x += 0x9E3779B97F4A7C15u;
  x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9u;
  x = (x ^ (x >> 27)) * 0x94D049BB133111EBu;
  return x ^ (x >> 31);
}

}  // namespace

std::array<char, 16> make_boundary(std::uint64_t seed, std::uint64_t number) noexcept {
  std::uint64_t bits = mix(mix(seed) ^ number);
  std::array<char, 16> text;
  for (char& c : text) {
    c = "0123456789abcdef"[bits & 15];
    bits >>= 4;
  }
  return text;
}

std::optional<std::size_t> write_part_head(multipart const& m, http::byte_extent const& extent,
                                           bool is_first, std::span<char> out) noexcept {
  text_writer writer{out};
  if (!is_first) writer.text("\r\n");
  write_delimiter(writer, m);
  writer.text("\r\nContent-Type: ");
  writer.text(m.media_type);
  if (!m.content_coding.empty()) {
    writer.text("\r\nContent-Encoding: ");
    writer.text(m.content_coding);
  }
  writer.text("\r\nContent-Range: bytes ");
  writer.decimal(extent.first);
  writer.text("-");
  writer.decimal(extent.last);
  writer.text("/");
  writer.decimal(m.length);
  writer.text("\r\n\r\n");
  return writer.size();
}

std::optional<std::size_t> write_multipart_end(multipart const& m, std::span<char> out) noexcept {
  text_writer writer{out};
  writer.text("\r\n");
  write_delimiter(writer, m);
  writer.text("--\r\n");
  return writer.size();
}

std::uint64_t multipart_length(multipart const& m,
                               std::span<http::byte_extent const> extents) noexcept {
  char memory[part_head_max];
  std::uint64_t length = write_multipart_end(m, memory).value_or(0);
  for (http::byte_extent const& e : extents) {
    length += write_part_head(m, e, &e == extents.data(), memory).value_or(0) + e.size();
  }
  return length;
}

}  // namespace quire::server
