// A few octets at once, with the instructions that every processor of a kind has: so that it can be
// inlined anywhere, unlike the scan kernels. 16 octets with SSE2 and NEON, else eight in a word.
//
// What ends a name, a value, a target or a host is found with simpler sets than those of the
// grammar. A stop is therefore not yet an error; but what lies in front of it is right, except
// where a function says otherwise.
#pragma once

#include <quire/parser/word.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace quire::http::detail {

#if defined(__SSE2__)

class octet_block {
 public:
  static constexpr std::size_t width = 16;

  // The octets [p, p + width).
  [[gnu::always_inline]] static inline octet_block at(char const* p) noexcept {
    octet_block b;
    std::memcpy(&b.octets_, p, width);
    return b;
  }
  // Two words, the first octet lowest.
  [[gnu::always_inline]] static inline octet_block of(std::uint64_t low,
                                                      std::uint64_t high) noexcept {
    words const both = {low, high};
    octet_block b;
    std::memcpy(&b.octets_, &both, width);
    return b;
  }

  // The index of the first octet that stops what the function is named after, or `width`.

  // Everything but VCHAR, and ":". What lies in front of a stop may be no token.
  [[gnu::always_inline]] inline std::size_t name_stop() const noexcept {
    return first((octets_ < 0x21) | (octets_ == ':'));
  }
  // Everything but SP and VCHAR.
  [[gnu::always_inline]] inline std::size_t value_stop() const noexcept {
    return first(plus(1) < 0x21);  // As signed numbers: what was 0x7f and more is low.
  }
  // Everything but VCHAR, and "#" and "%".
  [[gnu::always_inline]] inline std::size_t target_stop() const noexcept {
    return first((plus(1) < 0x22) | (octets_ == '#') | (octets_ == '%'));
  }
  // Everything but letters, digits, "-" and ".".
  [[gnu::always_inline]] inline std::size_t host_stop() const noexcept {
    block const lower = octets_ | 0x20;  // "A" to "Z" become letters, "\r" and controls others.
    block const letter = (lower > 0x60) & (lower < 0x7b) & (octets_ > 0x40);
    block const other = (octets_ > 0x2c) & (octets_ < 0x3a) & (octets_ != '/');
    return first(~(letter | other));
  }

 private:
  using block = signed char __attribute__((vector_size(16)));
  using unsigned_block = unsigned char __attribute__((vector_size(16)));
  using moved_block = char __attribute__((vector_size(16)));
  using words = std::uint64_t __attribute__((vector_size(16)));

  [[gnu::always_inline]] inline block plus(unsigned char n) const noexcept {
    return reinterpret_cast<block>(reinterpret_cast<unsigned_block>(octets_) + n);
  }
  [[gnu::always_inline]] static inline std::size_t first(block stops) noexcept {
    auto const marks =
        static_cast<unsigned>(__builtin_ia32_pmovmskb128(reinterpret_cast<moved_block>(stops)));
    return static_cast<std::size_t>(std::countr_zero(marks | 0x10000u));
  }

  block octets_;
};

#else

class octet_block {
 public:
  static constexpr std::size_t width = 8;

  [[gnu::always_inline]] static inline octet_block at(char const* p) noexcept {
    return octet_block(load8(p));
  }
  [[gnu::always_inline]] static inline octet_block of(std::uint64_t low, std::uint64_t) noexcept {
    return octet_block(low);
  }

  [[gnu::always_inline]] inline std::size_t name_stop() const noexcept {
    return first(~above(0x20) | is(':'));
  }
  [[gnu::always_inline]] inline std::size_t value_stop() const noexcept {
    return first(~above(0x1f) | is(0x7f));
  }
  [[gnu::always_inline]] inline std::size_t target_stop() const noexcept {
    return first(~above(0x20) | is('#') | is('%') | is(0x7f));
  }
  [[gnu::always_inline]] inline std::size_t host_stop() const noexcept {
    octet_block const lower(low_ | bit_5);
    std::uint64_t const letter = lower.above(0x60) & ~lower.above(0x7a) & above(0x40);
    std::uint64_t const other = above(0x2c) & ~above(0x39) & ~is('/');
    return first(~(letter | other));
  }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101u;
  static constexpr std::uint64_t tops = 0x8080808080808080u;

  explicit octet_block(std::uint64_t word) noexcept : word_(word), low_(word & ~tops) {}

  // In these the top bit of each octet counts; an octet from 0x80 on stops everything.
  [[gnu::always_inline]] inline std::uint64_t above(std::uint64_t c) const noexcept {
    return low_ + ones * (0x7f - c);
  }
  [[gnu::always_inline]] inline std::uint64_t is(std::uint64_t c) const noexcept {
    return ~((low_ ^ (ones * c)) + ones * 0x7f);
  }
  [[gnu::always_inline]] inline std::size_t first(std::uint64_t stops) const noexcept {
    return static_cast<std::size_t>(std::countr_zero((stops | word_) & tops)) / 8;
  }

  std::uint64_t word_;
  std::uint64_t low_;
};

#endif

// The octets from p on that lie in front of `last`, zeros behind them: these stop everything.
[[gnu::always_inline]] inline octet_block block_within(char const* p, char const* last) noexcept {
  auto const left = static_cast<std::size_t>(last - p);
  if (left >= octet_block::width) [[likely]]
    return octet_block::at(p);
  if (left <= 8) return octet_block::of(left == 8 ? load8(p) : load_few(p, left), 0);
  return octet_block::of(load8(p), load8(last - 8) >> (8 * (16 - left)));
}

}  // namespace quire::http::detail
