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

inline std::uint64_t load8(char const* p) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap64(word);
  return word;
}

inline std::uint16_t load2(char const* p) noexcept {
  std::uint16_t word;
  std::memcpy(&word, p, sizeof word);
  if constexpr (std::endian::native == std::endian::big) word = __builtin_bswap16(word);
  return word;
}

// The first `size` < 8 octets at p, the others zero. Reads no octet more.
inline std::uint64_t load_few(char const* p, std::size_t size) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < size; ++i) {
    word |= std::uint64_t{static_cast<unsigned char>(p[i])} << (8 * i);
  }
  return word;
}

// `word` with all but its first `size` octets cleared. Requires: size < 8.
constexpr std::uint64_t first_octets(std::uint64_t word, std::size_t size) noexcept {
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

// How many octets at the start of `word` are VCHAR but "#" and "%", 0 to 8.
inline std::size_t plain_target_octets(std::uint64_t word) noexcept {
  constexpr std::uint64_t ones = 0x0101010101010101u;
  constexpr std::uint64_t tops = 0x8080808080808080u;
  // The top bit of an octet is set where it is no such character. A borrow or carry can set it
  // wrongly only behind an octet where it is right.
  std::uint64_t const below = (word - ones * 0x21) & ~word;
  std::uint64_t const del_or_above = (word + ones) | word;
  std::uint64_t const number_sign = word ^ (ones * '#');
  std::uint64_t const percent = word ^ (ones * '%');
  std::uint64_t const is_number_sign = (number_sign - ones) & ~number_sign;
  std::uint64_t const is_percent = (percent - ones) & ~percent;
  std::uint64_t const out = (below | del_or_above | is_number_sign | is_percent) & tops;
  return static_cast<std::size_t>(std::countr_zero(out)) / 8;
}

}  // namespace quire::http::detail
