// The scan kernel for every processor: eight octets in a machine word.
#include <quire/parser/characters.hpp>
#include <quire/parser/scan_kernel.hpp>
#include <quire/parser/word.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::http::scan {
namespace {
namespace scalar {

struct vector {
  using type = std::uint64_t;
  static constexpr std::size_t width = 8;

  static type load(char const* p) { return http::detail::load8(p); }
  static type load_partial(char const* p, std::size_t n) { return http::detail::load_few(p, n); }

  static std::uint64_t not_token(type v) { return outside(v, character_class::token); }
  static std::uint64_t not_target(type v) { return outside(v, character_class::target); }

  // Control characters but tab, and DEL: the top bit of an octet of `bad` is set.
  static std::uint64_t not_value(type v) {
    constexpr std::uint64_t ones = 0x0101010101010101u;
    constexpr std::uint64_t tops = 0x8080808080808080u;
    std::uint64_t const low7 = v & ~tops;
    std::uint64_t const at_least_space = low7 + ones * (0x80 - 0x20);
    std::uint64_t const not_tab = (low7 ^ (ones * '\t')) + ~tops;
    std::uint64_t const not_del = (low7 ^ (ones * 0x7f)) + ~tops;
    std::uint64_t const bad = ((~at_least_space & not_tab) | ~not_del) & ~v & tops;
    return gather(bad >> 7);
  }

 private:
  // Eight octets that are 0 or 1 to eight bits.
  static std::uint64_t gather(std::uint64_t v) { return (v * 0x0102040810204080u) >> 56; }

  static std::uint64_t outside(std::uint64_t v, character_class k) {
    std::uint64_t marks = 0;
    for (unsigned i = 0; i < 8; ++i) {
      bool const in = is(k, static_cast<char>(v >> (8 * i) & 0xff));
      marks |= std::uint64_t{!in} << i;
    }
    return marks;
  }
};

#include <quire/parser/scan_kernel.inc>

}  // namespace scalar
}  // namespace

constinit kernel const scalar_kernel = scalar::make_kernel("scalar");

}  // namespace quire::http::scan
