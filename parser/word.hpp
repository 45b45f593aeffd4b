// Octets as machine words: loads of eight at once that need no alignment. The first octet is always
// the lowest of the word, whatever the order of the machine.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

namespace quire::http::detail {

inline constexpr std::uint64_t bit_5 = 0x2020202020202020u;

[[gnu::always_inline]] inline std::uint64_t load8(char const* p) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

[[gnu::always_inline]] inline std::uint32_t load4(char const* p) noexcept {
  std::uint32_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap32(word);
  return word;
}

[[gnu::always_inline]] inline std::uint16_t load2(char const* p) noexcept {
  std::uint16_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap16(word);
  return word;
}

// The first `size` < 8 octets at p, the others zero. Reads no octet more.
[[gnu::always_inline]] inline std::uint64_t load_few(char const* p, std::size_t size) noexcept {
  // Loads that overlap, instead of a loop.
  if (size >= 4) {
    std::uint64_t const back = load4(p + size - 4);
    return load4(p) | back << (8 * (size - 4));
  }
  if (size == 0) return 0;
  auto const octet = [p](std::size_t i) {
    return std::uint64_t{static_cast<unsigned char>(p[i])} << (8 * i);
  };
  return octet(0) | octet(size / 2) | octet(size - 1);
}

// `word` with all but its first `size` octets cleared. Requires: size < 8.
[[gnu::always_inline]] constexpr std::uint64_t first_octets(std::uint64_t word,
                                                            std::size_t size) noexcept {
  return word & ~(~std::uint64_t{0} << (8 * size));
}

// The word of the first eight octets of `text`; zeros where there are fewer.
constexpr std::uint64_t word_of(std::string_view text) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8 && i < text.size(); ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * i);
  }
  return word;
}

inline constexpr std::uint16_t crlf = 0x0a0d;
inline constexpr auto word_get = static_cast<std::uint32_t>(word_of("GET "));
inline constexpr std::uint64_t word_http_1_1 = word_of("HTTP/1.1");
inline constexpr std::uint64_t word_http_1_0 = word_of("HTTP/1.0");

}  // namespace quire::http::detail
