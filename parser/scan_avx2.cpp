// The scan kernel for AVX2: 32 octets at once.
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
namespace avx2 {

struct vector {
  using type = __m256i;
  static constexpr std::size_t width = 32;

  [[gnu::always_inline]] static inline void clear_upper_halves() { _mm256_zeroupper(); }
  [[gnu::always_inline]] static inline type load(char const* p) {
    return _mm256_loadu_si256(reinterpret_cast<__m256i const*>(p));
  }
  [[gnu::always_inline]] static inline type load_partial(char const* p, std::size_t n) {
    alignas(32) char octets[width] = {};
    if (n >= 16) {  // Two halves that overlap.
      __m128i const front = _mm_loadu_si128(reinterpret_cast<__m128i const*>(p));
      __m128i const back = _mm_loadu_si128(reinterpret_cast<__m128i const*>(p + n - 16));
      _mm_storeu_si128(reinterpret_cast<__m128i*>(octets + n - 16), back);
      _mm_storeu_si128(reinterpret_cast<__m128i*>(octets), front);
    } else {
      for (std::size_t i = 0; i < n; ++i) octets[i] = p[i];
    }
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
    return {static_cast<std::uint32_t>(absent(common)), static_cast<std::uint32_t>(marks(common)),
            static_cast<std::uint32_t>(marks(_mm256_add_epi8(common, common)))};
  }
  [[gnu::always_inline]] static inline std::uint64_t not_printable(type v) {
    return marks(unprintable(raised(v)));
  }
  // Octets that all_printable() looks at.
  static constexpr std::size_t stride = 4 * width;
  [[gnu::always_inline]] static inline bool all_printable(char const* p) {
    type const front = _mm256_min_epi8(raised(load(p)), raised(load(p + width)));
    type const back = _mm256_min_epi8(raised(load(p + 2 * width)), raised(load(p + 3 * width)));
    return marks(unprintable(_mm256_min_epi8(front, back))) == 0;
  }
  [[gnu::always_inline]] static inline std::uint64_t not_value(type v) {
    type const printing = _mm256_cmpeq_epi8(_mm256_max_epu8(v, _mm256_set1_epi8(0x20)), v);
    type const tab = _mm256_cmpeq_epi8(v, _mm256_set1_epi8('\t'));
    type const del = _mm256_cmpeq_epi8(v, _mm256_set1_epi8(0x7f));
    return marks(_mm256_andnot_si256(del, _mm256_or_si256(printing, tab))) ^ 0xffffffffu;
  }

 private:
  [[gnu::always_inline]] static inline std::uint64_t marks(type v) {
    return static_cast<unsigned>(_mm256_movemask_epi8(v));
  }
  // As signed numbers 0x21 to 0x7f are printable ones raised by one; of all others the difference
  // to 0x21, which does not wrap around, is negative. marks() takes the sign.
  [[gnu::always_inline]] static inline type raised(type v) {
    return _mm256_add_epi8(v, load_table(tables.all_0x01.octets));
  }
  [[gnu::always_inline]] static inline type unprintable(type raised) {
    return _mm256_subs_epi8(raised, load_table(tables.all_0x21.octets));
  }
  [[gnu::always_inline]] static inline type load_table(std::uint8_t const* table) {
    return _mm256_load_si256(reinterpret_cast<__m256i const*>(table));
  }
  [[gnu::always_inline]] static inline type in_common(type v, nibble_tables const& k) {
    // An octet from 0x80 on looks up 0 in the first table.
    type const row = _mm256_and_si256(_mm256_srli_epi16(v, 4), load_table(tables.all_0x0f.octets));
    return _mm256_and_si256(_mm256_shuffle_epi8(load_table(k.low), v),
                            _mm256_shuffle_epi8(load_table(k.high), row));
  }
  [[gnu::always_inline]] static inline std::uint64_t absent(type common) {
    return marks(_mm256_cmpeq_epi8(common, _mm256_setzero_si256()));
  }
  [[gnu::always_inline]] static inline std::uint64_t outside(type v, nibble_tables const& k) {
    return absent(in_common(v, k));
  }
};

#include <quire/parser/scan_kernel.inc>
#include <quire/parser/scan_lines.inc>

}  // namespace avx2
}  // namespace

constinit kernel const avx2_kernel = avx2::make_kernel("avx2");

}  // namespace quire::http::scan
