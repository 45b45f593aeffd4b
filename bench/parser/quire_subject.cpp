// The parser of this project through its public interface: the core with each kernel, and over
// pages.
#include "bench/parser/subject.hpp"

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>
#include <quire/parser/buffer_parser.hpp>
#include <quire/parser/parser.hpp>
#include <quire/parser/scan.hpp>

#if defined(__x86_64__)
#include <immintrin.h>
#endif
#include <algorithm>
#include <array>
#include <cstring>
#include <memory>
#include <vector>

namespace quire::bench {
namespace {

// Pulls every element and keeps the fields: where each name and value lies.
template <class Parser, class Iterator>
[[gnu::always_inline]] inline outcome pull_all(Parser& p, Iterator& first, Iterator const last,
                                               std::array<http::node<Iterator>, 64>& fields) {
  outcome out;
  http::node<Iterator> n;
  http::error e;
  for (;;) {
    switch (p.parse(first, last, n, e)) {
      case http::result::ok:
        if (n.type == http::node_type::field) fields[out.fields++ % 64] = n;
        continue;
      case http::result::done:
        if (first != last) continue;
        out.good = true;
        return out;
      default:
        return out;
    }
  }
}

std::function<outcome()> prepare_core(input const& in, http::scan::kernel const& kernel) {
  bool const response = in.octets.starts_with("HTTP/");
  auto const p = std::make_shared<http::parser<char const*>>();
  if (response) p->expect({});
  auto const fields = std::make_shared<std::array<http::node<char const*>, 64>>();
  http::scan::use_kernel(kernel);  // Until the next subject is prepared.
  return [&in, p, fields] {
    char const* const begin = in.octets.data();
    char const* first = begin;
    outcome out = pull_all(*p, first, begin + in.octets.size(), *fields);
    asm volatile("" : : "r"(fields->data()) : "memory");
    out.used = static_cast<std::size_t>(first - begin);
    return out;
  };
}

#if defined(__x86_64__)
// What is left of parse() if nothing is judged: requests of 32 to 64 octets whose second line is
// their last field. Two vectors of octets give the line ends, and the elements are handed out as by
// the parser. No parser that hands out the same elements by the same calls is faster.
class bare_reader {
 public:
  [[gnu::always_inline]] inline http::result parse(char const*& first, char const* last,
                                                   http::node<char const*>& out, http::error&) {
    if (!memory_.has_found() && !find(first, last)) return http::result::need_more;
    http::found_line const& line = memory_.front();
    char const* const start = first;
    first += line.step;
    memory_.pop_front();
    return give(line, start, out);
  }

 private:
  [[gnu::noinline, gnu::target("avx2,bmi,bmi2")]] bool find(char const* first, char const* last) {
    auto const size = static_cast<std::size_t>(last - first);
    if (size < 32 || size > 64) return false;
    std::uint64_t const back = line_ends(last - 32);
    std::uint64_t const ends = line_ends(first) | back << (size - 32);
    auto const start = static_cast<std::uint32_t>(__builtin_ctzll(ends));
    auto const field = static_cast<std::uint32_t>(__builtin_ctzll(ends & (ends - 1))) - start - 1;
    http::found_line* const lines = memory_.lines + http::detail::usual_lines_at;
    lines[0].back_size = start - 14;
    lines[0].step = start + 1;
    lines[1].back_size = field - 7;
    lines[1].step = field + 3;
    memory_.set_next(lines);
    return true;
  }
  [[gnu::always_inline, gnu::target("avx2")]] static inline std::uint64_t line_ends(char const* p) {
    __m256i const v = _mm256_loadu_si256(reinterpret_cast<__m256i const*>(p));
    return static_cast<unsigned>(
        _mm256_movemask_epi8(_mm256_cmpeq_epi8(v, _mm256_set1_epi8('\n'))));
  }

  http::detail::look_ahead_memory memory_{http::default_limits, {}};
};

std::function<outcome()> prepare_bare(input const& in) {
  auto const r = std::make_shared<bare_reader>();
  auto const fields = std::make_shared<std::array<http::node<char const*>, 64>>();
  return [&in, r, fields] {
    char const* const begin = in.octets.data();
    char const* first = begin;
    outcome out = pull_all(*r, first, begin + in.octets.size(), *fields);
    asm volatile("" : : "r"(fields->data()) : "memory");
    out.used = static_cast<std::size_t>(first - begin);
    return out;
  };
}
#endif

// A buffer that holds the input, as if it had just been received.
struct filled_pages {
  explicit filled_pages(std::string_view octets) {
    while (!octets.empty()) {
      page* const p = pool.acquire();
      std::size_t const n = std::min(p->capacity(), octets.size());
      std::memcpy(p->write_position(), octets.data(), n);
      p->commit_write(n);
      chain.push(p);
      octets.remove_prefix(n);
    }
  }
  ~filled_pages() {
    while (page* const p = chain.pop()) pool.release(p);
  }
  page_pool pool{page_pool::slab_size};
  buffer chain;
};

std::function<outcome()> prepare_buffer(input const& in, http::scan::kernel const& kernel) {
  bool const response = in.octets.starts_with("HTTP/");
  auto const p = std::make_shared<http::buffer_parser>();
  if (response) p->expect({});
  auto const pages = std::make_shared<filled_pages>(in.octets);
  auto const fields = std::make_shared<std::array<http::node<buffer::iterator>, 64>>();
  http::scan::use_kernel(kernel);
  return [p, pages, fields] {
    buffer::iterator const begin = pages->chain.begin();
    buffer::iterator first = begin;
    outcome out = pull_all(*p, first, pages->chain.end(), *fields);
    asm volatile("" : : "r"(fields->data()) : "memory");
    out.used = static_cast<std::size_t>(first - begin);
    return out;
  };
}

}  // namespace

void add_quire_subjects(std::vector<subject>& subjects) {
  http::scan::kernel const* best = nullptr;
  for (auto const* k = http::scan::available_kernels(); *k != nullptr; ++k) {
    best = *k;
    subjects.push_back({std::string("quire-") + best->name,
                        [best](input const& in) { return prepare_core(in, *best); }});
  }
  subjects.push_back(
      {"quire-pages", [best](input const& in) { return prepare_buffer(in, *best); }});
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2") != 0) subjects.push_back({"bare", prepare_bare});
#endif
}

}  // namespace quire::bench
