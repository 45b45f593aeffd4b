// Octets as machine words: loads of eight at once that need no alignment.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace quire::http::detail {

inline constexpr std::uint64_t bit_5 = 0x2020202020202020u;

// The eight octets at p, in the order of the machine.
inline std::uint64_t load8(char const* p) noexcept {
  std::uint64_t word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

inline std::uint16_t load2(char const* p) noexcept {
  std::uint16_t word;
  std::memcpy(&word, p, sizeof word);
  return word;
}

// The first `size` < 8 octets at p, the others zero. Reads no octet more.
inline std::uint64_t load_few(char const* p, std::size_t size) noexcept {
  char octets[8] = {};
  for (std::size_t i = 0; i < size; ++i) octets[i] = p[i];
  return load8(octets);
}

// `word` with all but its first `size` octets cleared. Requires: size < 8.
inline std::uint64_t first_octets(std::uint64_t word, std::size_t size) noexcept {
  std::size_t const bits = 8 * size;
  if constexpr (std::endian::native == std::endian::little) {
    return word & ~(~std::uint64_t{0} << bits);
  } else {
    return word & ~(~std::uint64_t{0} >> bits);
  }
}

// The word that load8() gives for these eight characters.
constexpr std::uint64_t word_of(char const (&text)[9]) noexcept {
  std::uint64_t word = 0;
  for (std::size_t i = 0; i < 8; ++i) {
    std::size_t const at = std::endian::native == std::endian::little ? i : 7 - i;
    word |= std::uint64_t{static_cast<unsigned char>(text[i])} << (8 * at);
  }
  return word;
}

}  // namespace quire::http::detail
