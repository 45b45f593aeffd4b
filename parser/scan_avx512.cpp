// The scan kernel for AVX-512 with its instructions for octets and for shorter vectors (BW, VL): 32
// octets at once, which most names and many lines fit in, and 128 where values are long.
#include <quire/parser/field_id.hpp>
#include <quire/parser/scan_kernel.hpp>
#include <quire/parser/scan_tables.hpp>
#include <quire/parser/word.hpp>

#include <immintrin.h>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace quire::http::scan {
namespace {
namespace avx512 {

struct vector {
  using type = __m256i;
  static constexpr std::size_t width = 32;

  [[gnu::always_inline]] static inline void clear_upper_halves() { _mm256_zeroupper(); }
  [[gnu::always_inline]] static inline type load(char const* p) {
    return _mm256_loadu_si256(reinterpret_cast<__m256i const*>(p));
  }
  // Octets that the mask leaves out are not read.
  [[gnu::always_inline]] static inline type load_partial(char const* p, std::size_t n) {
    return _mm256_maskz_loadu_epi8((1u << n) - 1, p);
  }

  [[gnu::always_inline]] static inline std::uint64_t not_token(type v) {
    return outside(v, tables.token);
  }
  [[gnu::always_inline]] static inline std::uint64_t not_target(type v) {
    return outside(v, tables.target);
  }
  [[gnu::always_inline]] static inline host_marks marks_of_host(type v) {
    type const common = in_common(v, tables.host);
    auto const marks = [](type m) { return static_cast<std::uint32_t>(_mm256_movemask_epi8(m)); };
    return {_mm256_testn_epi8_mask(common, common), marks(common),
            marks(_mm256_add_epi8(common, common))};
  }
  [[gnu::always_inline]] static inline std::uint64_t not_printable(type v) {
    return _mm256_cmpge_epu8_mask(_mm256_sub_epi8(v, _mm256_set1_epi8(0x20)),
                                  _mm256_set1_epi8(0x5f));
  }
  // Of the 64 octets at p those that `which` says; no other is read.
  [[gnu::always_inline]] static inline std::uint64_t not_printable_of(char const* p,
                                                                      std::uint64_t which) {
    __m512i const v = _mm512_sub_epi8(_mm512_maskz_loadu_epi8(which, p), _mm512_set1_epi8(0x20));
    return _mm512_mask_cmpge_epu8_mask(which, v, _mm512_set1_epi8(0x5f));
  }
  // Octets that all_printable() looks at.
  static constexpr std::size_t stride = 128;
  [[gnu::always_inline]] static inline bool all_printable(char const* p) {
    __m512i const space = _mm512_set1_epi8(0x20);
    __m512i const front = _mm512_sub_epi8(_mm512_loadu_si512(p), space);
    __m512i const back = _mm512_sub_epi8(_mm512_loadu_si512(p + 64), space);
    return _mm512_cmpge_epu8_mask(_mm512_max_epu8(front, back), _mm512_set1_epi8(0x5f)) == 0;
  }
  [[gnu::always_inline]] static inline std::uint64_t not_value(type v) {
    std::uint64_t const control = _mm256_cmplt_epu8_mask(v, _mm256_set1_epi8(0x20));
    std::uint64_t const not_tab = _mm256_cmpneq_epi8_mask(v, _mm256_set1_epi8('\t'));
    std::uint64_t const del = _mm256_cmpeq_epi8_mask(v, _mm256_set1_epi8(0x7f));
    return (control & not_tab) | del;
  }

 private:
  [[gnu::always_inline]] static inline type load_table(std::uint8_t const* table) {
    return _mm256_load_si256(reinterpret_cast<__m256i const*>(table));
  }
  [[gnu::always_inline]] static inline type in_common(type v, nibble_tables const& k) {
    // An octet from 0x80 on looks up 0 in the first table.
    type const row = _mm256_and_si256(_mm256_srli_epi16(v, 4), load_table(tables.all_0x0f.octets));
    return _mm256_and_si256(_mm256_shuffle_epi8(load_table(k.low), v),
                            _mm256_shuffle_epi8(load_table(k.high), row));
  }
  [[gnu::always_inline]] static inline std::uint64_t outside(type v, nibble_tables const& k) {
    type const common = in_common(v, k);
    return _mm256_testn_epi8_mask(common, common);
  }
};

#include <quire/parser/scan_kernel.inc>
#include <quire/parser/scan_lines.inc>

}  // namespace avx512
}  // namespace

constinit kernel const avx512_kernel = avx512::make_kernel("avx512");

}  // namespace quire::http::scan
