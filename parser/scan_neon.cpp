// The scan kernel for NEON on AArch64: 16 octets at once.
#include <quire/parser/field_id.hpp>
#include <quire/parser/scan_kernel.hpp>
#include <quire/parser/scan_tables.hpp>
#include <quire/parser/word.hpp>

#include <arm_neon.h>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace quire::http::scan {
namespace {
namespace neon {

struct vector {
  using type = uint8x16_t;
  static constexpr std::size_t width = 16;

  [[gnu::always_inline]] static inline void clear_upper_halves() {}
  [[gnu::always_inline]] static inline type load(char const* p) {
    return vld1q_u8(reinterpret_cast<std::uint8_t const*>(p));
  }
  [[gnu::always_inline]] static inline type load_partial(char const* p, std::size_t n) {
    char octets[width] = {};
    for (std::size_t i = 0; i < n; ++i) octets[i] = p[i];
    return load(octets);
  }

  [[gnu::always_inline]] static inline std::uint64_t not_token(type v) {
    return outside(v, tables.token);
  }
  [[gnu::always_inline]] static inline std::uint64_t not_target(type v) {
    return outside(v, tables.target);
  }
  [[gnu::always_inline]] static inline host_marks marks_of_host(type v) {
    type const common = in_common(v, tables.host);
    type const digit = vtstq_u8(common, vdupq_n_u8(common_of_digit));
    type const colon = vtstq_u8(common, vdupq_n_u8(common_of_colon));
    return {static_cast<std::uint32_t>(absent(common)), static_cast<std::uint32_t>(marks(digit)),
            static_cast<std::uint32_t>(marks(colon))};
  }
  [[gnu::always_inline]] static inline std::uint64_t not_printable(type v) {
    return marks(vcgeq_u8(vsubq_u8(v, vdupq_n_u8(0x20)), vdupq_n_u8(0x5f)));
  }
  // Octets that all_printable() looks at.
  static constexpr std::size_t stride = 2 * width;
  [[gnu::always_inline]] static inline bool all_printable(char const* p) {
    type const front = vsubq_u8(load(p), vdupq_n_u8(0x20));
    type const back = vsubq_u8(load(p + width), vdupq_n_u8(0x20));
    return vmaxvq_u8(vmaxq_u8(front, back)) < 0x5f;
  }
  [[gnu::always_inline]] static inline std::uint64_t not_value(type v) {
    type const control = vcltq_u8(v, vdupq_n_u8(0x20));
    type const tab = vceqq_u8(v, vdupq_n_u8('\t'));
    type const del = vceqq_u8(v, vdupq_n_u8(0x7f));
    return marks(vorrq_u8(vbicq_u8(control, tab), del));
  }

 private:
  // One bit of each octet that is 0x00 or 0xff: halves are added until eight bits lie in one octet.
  [[gnu::always_inline]] static inline std::uint64_t marks(type v) {
    static constexpr std::uint8_t bits[16] = {1, 2, 4, 8, 16, 32, 64, 128,
                                              1, 2, 4, 8, 16, 32, 64, 128};
    type const chosen = vandq_u8(v, vld1q_u8(bits));
    std::uint64_t const low = vaddv_u8(vget_low_u8(chosen));
    std::uint64_t const high = vaddv_u8(vget_high_u8(chosen));
    return low | high << 8;
  }
  [[gnu::always_inline]] static inline type in_common(type v, nibble_tables const& k) {
    // The second table has nothing for octets from 0x80 on.
    type const low = vqtbl1q_u8(vld1q_u8(k.low), vandq_u8(v, vdupq_n_u8(0x0f)));
    return vandq_u8(low, vqtbl1q_u8(vld1q_u8(k.high), vshrq_n_u8(v, 4)));
  }
  [[gnu::always_inline]] static inline std::uint64_t absent(type common) {
    return marks(vceqq_u8(common, vdupq_n_u8(0)));
  }
  [[gnu::always_inline]] static inline std::uint64_t outside(type v, nibble_tables const& k) {
    return absent(in_common(v, k));
  }
};

#include <quire/parser/scan_kernel.inc>
#include <quire/parser/scan_lines.inc>

}  // namespace neon
}  // namespace

constinit kernel const neon_kernel = neon::make_kernel("neon");

}  // namespace quire::http::scan
