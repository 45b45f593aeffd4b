// The scan kernel for AVX-512 with its instructions for octets (BW): 64 octets at once.
#include <quire/parser/characters.hpp>
#include <quire/parser/scan_kernel.hpp>

#include <immintrin.h>
#include <cstddef>
#include <cstdint>

namespace quire::http::scan {
namespace {
namespace avx512 {

#include <quire/parser/scan_tables.inc>

struct vector {
  using type = __m512i;
  static constexpr std::size_t width = 64;

  static type load(char const* p) { return _mm512_loadu_si512(p); }
  // Octets that the mask leaves out are not read.
  static type load_partial(char const* p, std::size_t n) {
    return _mm512_maskz_loadu_epi8((std::uint64_t{1} << n) - 1, p);
  }

  static std::uint64_t not_token(type v) { return outside(v, token_tables); }
  static std::uint64_t not_target(type v) { return outside(v, target_tables); }
  static std::uint64_t not_value(type v) {
    std::uint64_t const control = _mm512_cmplt_epu8_mask(v, _mm512_set1_epi8(0x20));
    std::uint64_t const not_tab = _mm512_cmpneq_epi8_mask(v, _mm512_set1_epi8('\t'));
    std::uint64_t const del = _mm512_cmpeq_epi8_mask(v, _mm512_set1_epi8(0x7f));
    return (control & not_tab) | del;
  }

 private:
  static type four_times(std::uint8_t const (&table)[16]) {
    __m128i const once = _mm_load_si128(reinterpret_cast<__m128i const*>(table));
    return _mm512_maskz_broadcast_i32x4(0xffff, once);
  }
  static std::uint64_t outside(type v, nibble_tables const& k) {
    // An octet from 0x80 on looks up 0 in the first table.
    type const row = _mm512_and_si512(_mm512_srli_epi16(v, 4), _mm512_set1_epi8(0x0f));
    return _mm512_testn_epi8_mask(_mm512_shuffle_epi8(four_times(k.low), v),
                                  _mm512_shuffle_epi8(four_times(k.high), row));
  }
};

#include <quire/parser/scan_kernel.inc>

}  // namespace avx512
}  // namespace

constinit kernel const avx512_kernel = avx512::make_kernel("avx512");

}  // namespace quire::http::scan
