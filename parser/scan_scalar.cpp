// The scan kernel for every processor: eight octets in a machine word.
#include <quire/parser/field_id.hpp>
#include <quire/parser/scan_kernel.hpp>
#include <quire/parser/scan_tables.hpp>
#include <quire/parser/word.hpp>

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace quire::http::scan {
namespace {
namespace scalar {

struct vector {
  using type = std::uint64_t;
  static constexpr std::size_t width = 8;

  [[gnu::always_inline]] static inline void clear_upper_halves() {}
  [[gnu::always_inline]] static inline type load(char const* p) { return http::detail::load8(p); }
  [[gnu::always_inline]] static inline type load_partial(char const* p, std::size_t n) {
    return http::detail::load_few(p, n);
  }

  [[gnu::always_inline]] static inline std::uint64_t not_token(type v) {
    std::uint64_t marks = 0;
    for (unsigned i = 0; i < 8; ++i) {
      marks |= std::uint64_t{!tables.is_token[v >> (8 * i) & 0xff]} << i;
    }
    return marks;
  }

  [[gnu::always_inline]] static inline std::uint64_t not_printable(type v) {
    return gather(unprintable(v) >> 7);
  }
  // Octets that all_printable() looks at.
  [[maybe_unused]] static constexpr std::size_t stride = 2 * width;
  [[gnu::always_inline]] static inline bool all_printable(char const* p) {
    return (unprintable(load(p)) | unprintable(load(p + width))) == 0;
  }
  // How many octets in front are printable.
  [[gnu::always_inline]] static inline std::size_t printable_size(type v) {
    std::uint64_t const marks = unprintable(v);
    return marks == 0 ? width : static_cast<std::size_t>(__builtin_ctzll(marks)) / 8;
  }
  // The top bit of an octet of `good` is set where it is VCHAR but "#" and "%".
  [[gnu::always_inline]] static inline std::uint64_t not_target(type v) {
    std::uint64_t const low7 = v & ~tops;
    std::uint64_t const visible = low7 + ones * (0x80 - 0x21);
    std::uint64_t const not_del = (low7 ^ (ones * 0x7f)) + ~tops;
    std::uint64_t const not_number_sign = (low7 ^ (ones * '#')) + ~tops;
    std::uint64_t const not_percent = (low7 ^ (ones * '%')) + ~tops;
    std::uint64_t const good = visible & not_del & not_number_sign & not_percent & ~v;
    return gather((~good & tops) >> 7);
  }

  // Control characters but tab, and DEL: the top bit of an octet of `bad` is set.
  [[gnu::always_inline]] static inline std::uint64_t not_value(type v) {
    std::uint64_t const low7 = v & ~tops;
    std::uint64_t const at_least_space = low7 + ones * (0x80 - 0x20);
    std::uint64_t const not_tab = (low7 ^ (ones * '\t')) + ~tops;
    std::uint64_t const not_del = (low7 ^ (ones * 0x7f)) + ~tops;
    std::uint64_t const bad = ((~at_least_space & not_tab) | ~not_del) & ~v & tops;
    return gather(bad >> 7);
  }

 private:
  static constexpr std::uint64_t ones = 0x0101010101010101u;
  static constexpr std::uint64_t tops = 0x8080808080808080u;

  [[gnu::always_inline]] static inline std::uint64_t unprintable(std::uint64_t v) {
    std::uint64_t const low7 = v & ~tops;
    std::uint64_t const at_least_space = low7 + ones * (0x80 - 0x20);
    std::uint64_t const del = low7 + ones;
    return (~at_least_space | del | v) & tops;
  }

  // Eight octets that are 0 or 1 to eight bits.
  [[gnu::always_inline]] static inline std::uint64_t gather(std::uint64_t v) {
    return (v * 0x0102040810204080u) >> 56;
  }
};

#include <quire/parser/scan_kernel.inc>
#include <quire/parser/scan_lines.inc>

}  // namespace scalar
}  // namespace

constinit kernel const scalar_kernel = scalar::make_kernel("scalar");

}  // namespace quire::http::scan
