// The scan kernel for SSE4.2: 16 octets at once.
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
namespace sse42 {

struct vector {
  using type = __m128i;
  static constexpr std::size_t width = 16;

  [[gnu::always_inline]] static inline void clear_upper_halves() {}
  [[gnu::always_inline]] static inline type load(char const* p) {
    return _mm_loadu_si128(reinterpret_cast<__m128i const*>(p));
  }
  [[gnu::always_inline]] static inline type load_partial(char const* p, std::size_t n) {
    alignas(16) char octets[width] = {};
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
    return {static_cast<std::uint32_t>(absent(common)), static_cast<std::uint32_t>(marks(common)),
            static_cast<std::uint32_t>(marks(_mm_add_epi8(common, common)))};
  }
  [[gnu::always_inline]] static inline std::uint64_t not_printable(type v) {
    return marks(unprintable(raised(v)));
  }
  // Octets that all_printable() looks at.
  static constexpr std::size_t stride = 2 * width;
  [[gnu::always_inline]] static inline bool all_printable(char const* p) {
    type const lowest = _mm_min_epi8(raised(load(p)), raised(load(p + width)));
    return marks(unprintable(lowest)) == 0;
  }
  [[gnu::always_inline]] static inline std::uint64_t not_value(type v) {
    type const printing = _mm_cmpeq_epi8(_mm_max_epu8(v, _mm_set1_epi8(0x20)), v);
    type const tab = _mm_cmpeq_epi8(v, _mm_set1_epi8('\t'));
    type const del = _mm_cmpeq_epi8(v, _mm_set1_epi8(0x7f));
    return marks(_mm_andnot_si128(del, _mm_or_si128(printing, tab))) ^ 0xffffu;
  }

 private:
  [[gnu::always_inline]] static inline std::uint64_t marks(type v) {
    return static_cast<unsigned>(_mm_movemask_epi8(v));
  }
  // As signed numbers 0x21 to 0x7f are printable ones raised by one; of all others the difference
  // to 0x21, which does not wrap around, is negative. marks() takes the sign.
  [[gnu::always_inline]] static inline type raised(type v) {
    return _mm_add_epi8(v, load_table(tables.all_0x01.octets));
  }
  [[gnu::always_inline]] static inline type unprintable(type raised) {
    return _mm_subs_epi8(raised, load_table(tables.all_0x21.octets));
  }
  [[gnu::always_inline]] static inline type load_table(std::uint8_t const* table) {
    return _mm_load_si128(reinterpret_cast<__m128i const*>(table));
  }
  [[gnu::always_inline]] static inline type in_common(type v, nibble_tables const& k) {
    // An octet from 0x80 on looks up 0 in the first table.
    type const row = _mm_and_si128(_mm_srli_epi16(v, 4), load_table(tables.all_0x0f.octets));
    return _mm_and_si128(_mm_shuffle_epi8(load_table(k.low), v),
                         _mm_shuffle_epi8(load_table(k.high), row));
  }
  [[gnu::always_inline]] static inline std::uint64_t absent(type common) {
    return marks(_mm_cmpeq_epi8(common, _mm_setzero_si128()));
  }
  [[gnu::always_inline]] static inline std::uint64_t outside(type v, nibble_tables const& k) {
    return absent(in_common(v, k));
  }
};

#include <quire/parser/scan_kernel.inc>
#include <quire/parser/scan_lines.inc>

}  // namespace sse42
}  // namespace

constinit kernel const sse42_kernel = sse42::make_kernel("sse4.2");

}  // namespace quire::http::scan
