#include <quire/io/windows/utf16.hpp>

#include <cstdint>

namespace quire::io::nt {
namespace {

bool is_surrogate(char32_t c) noexcept {
  return c >= 0xd800 && c <= 0xdfff;
}

// Takes the first character off the text; nothing when it is not well-formed.
std::optional<char32_t> take(std::string_view& text) noexcept {
  auto const octet = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  unsigned const first = octet(0);
  std::size_t const size = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  // The smallest character of each size, below which the form is overlong.
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (first >= 0x80 && first < 0xc0) return std::nullopt;  // The middle of a character.
  if (first >= 0xf8 || text.size() < size) return std::nullopt;
  char32_t c = size == 1 ? first : first & (0xffu >> (size + 1));
  for (std::size_t i = 1; i != size; ++i) {
    if ((octet(i) & 0xc0u) != 0x80) return std::nullopt;
    c = c << 6 | (octet(i) & 0x3fu);
  }
  if (c < least[size] || c > 0x10ffff || is_surrogate(c)) return std::nullopt;
  text.remove_prefix(size);
  return c;
}

std::optional<char32_t> take(std::u16string_view& text) noexcept {
  char32_t c = text.front();
  text.remove_prefix(1);
  if (!is_surrogate(c)) return c;
  if (c >= 0xdc00 || text.empty() || text.front() < 0xdc00 || text.front() > 0xdfff) {
    return std::nullopt;
  }
  c = 0x10000 + ((c & 0x3ff) << 10 | (text.front() & 0x3ffu));
  text.remove_prefix(1);
  return c;
}

}  // namespace

std::optional<std::size_t> to_utf16(std::string_view text, std::span<char16_t> out) noexcept {
  std::size_t size = 0;
  while (!text.empty()) {
    auto const c = take(text);
    if (!c) return std::nullopt;
    bool const pair = *c >= 0x10000;
    if (out.size() - size < (pair ? 2u : 1u)) return std::nullopt;
    if (pair) {
      out[size++] = static_cast<char16_t>(0xd800 + ((*c - 0x10000) >> 10));
      out[size++] = static_cast<char16_t>(0xdc00 + (*c & 0x3ff));
    } else {
      out[size++] = static_cast<char16_t>(*c);
    }
  }
  return size;
}

std::optional<std::size_t> to_utf8(std::u16string_view text, std::span<char> out) noexcept {
  std::size_t size = 0;
  while (!text.empty()) {
    auto const c = take(text);
    if (!c) return std::nullopt;
    std::size_t const octets = *c < 0x80 ? 1 : *c < 0x800 ? 2 : *c < 0x10000 ? 3 : 4;
    if (out.size() - size < octets) return std::nullopt;
    if (octets == 1) {
      out[size++] = static_cast<char>(*c);
      continue;
    }
    unsigned const mark = 0xff00u >> octets & 0xffu;
    std::size_t shift = 6 * (octets - 1);
    out[size++] = static_cast<char>(mark | *c >> shift);
    while (shift != 0) {
      shift -= 6;
      out[size++] = static_cast<char>(0x80u | (*c >> shift & 0x3fu));
    }
  }
  return size;
}

}  // namespace quire::io::nt
