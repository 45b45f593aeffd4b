#include "tests/parser/every_way.hpp"

#include "tests/parser/reference_parser.hpp"

#include <quire/buffer/buffer.hpp>
#include <quire/parser/buffer_parser.hpp>
#include <quire/parser/scan.hpp>

#include <algorithm>
#include <cstring>
#include <deque>
#include <list>
#include <memory>

namespace quire::http::test {
namespace {

template <class Container>
transcript run_container(std::string_view text, reading const& how, std::size_t piece) {
  Container octets;
  auto p = how.make<parser<typename Container::const_iterator>>();
  transcript t;
  for (std::size_t at = 0;;) {
    std::size_t const n = std::min(piece, text.size() - at);
    octets.insert(octets.end(), text.begin() + static_cast<std::ptrdiff_t>(at),
                  text.begin() + static_cast<std::ptrdiff_t>(at + n));
    at += n;
    auto first = octets.cbegin();
    std::uint64_t const offset = p.offset();
    bool const going = pull(p, first, octets.cend(), octets.cbegin(), offset, t);
    octets.erase(octets.cbegin(), first);
    if (!going || at == text.size()) return t;
  }
}

// Memory for pages, each of exactly its size.
class paged_stream {
 public:
  explicit paged_stream(std::size_t page_size) : page_size_(page_size) {}
  ~paged_stream() {
    while (octets.pop() != nullptr) {
    }
  }

  void write(std::string_view text) {
    while (!text.empty()) {
      if (octets.writable() == 0) {
        memory_.push_back(std::make_unique<char[]>(page_size_));
        char* const start = memory_.back().get();
        octets.push(&pages_.emplace_back(start, start + page_size_));
      }
      mutable_span room[1];
      octets.scatter(room);
      std::size_t const n = std::min(room[0].size, text.size());
      std::memcpy(room[0].data, text.data(), n);
      octets.commit_write(n);
      text.remove_prefix(n);
    }
  }

  void read(std::size_t n) {
    octets.commit_read(n);
    while (octets.pop_consumed() != nullptr) {
    }
  }

  buffer octets;

 private:
  std::size_t page_size_;
  std::deque<page> pages_;
  std::vector<std::unique_ptr<char[]>> memory_;
};

}  // namespace

transcript run_core(std::string_view text, reading const& how,
                    std::vector<std::size_t> const& cuts) {
  auto p = how.make<parser<char const*>>();
  transcript t;
  std::string rest;
  std::size_t at = 0;
  for (std::size_t i = 0; i <= cuts.size(); ++i) {
    std::size_t const end = i == cuts.size() ? text.size() : cuts[i];
    rest += text.substr(at, end - at);
    at = end;
    std::unique_ptr<char[]> const memory(new char[rest.size()]);
    std::copy(rest.begin(), rest.end(), memory.get());
    char const* first = memory.get();
    char const* const begin = first;
    std::uint64_t const offset = p.offset();
    if (!pull(p, first, begin + rest.size(), begin, offset, t)) return t;
    rest.erase(0, static_cast<std::size_t>(first - begin));
  }
  return t;
}

transcript run_core_in_place(std::string_view text, reading const& how, std::size_t piece) {
  auto p = how.make<parser<char const*>>();
  transcript t;
  char const* first = text.data();
  for (std::size_t end = 0;;) {
    end = std::min(end + piece, text.size());
    if (!pull(p, first, text.data() + end, text.data(), 0, t) || end == text.size()) return t;
  }
}

transcript run_deque(std::string_view text, reading const& how, std::size_t piece) {
  return run_container<std::deque<char>>(text, how, piece);
}

transcript run_list(std::string_view text, reading const& how, std::size_t piece) {
  return run_container<std::list<char>>(text, how, piece);
}

transcript run_buffer(std::string_view text, reading const& how, std::size_t page_size,
                      std::size_t piece) {
  paged_stream stream(page_size);
  auto p = how.make<buffer_parser>();
  transcript t;
  for (std::size_t at = 0;;) {
    std::size_t const n = std::min(piece == 0 ? text.size() : piece, text.size() - at);
    stream.write(text.substr(at, n));
    at += n;
    buffer::iterator first = stream.octets.begin();
    buffer::iterator const begin = first;
    bool const going = pull(p, first, stream.octets.end(), begin, stream.octets.offset(), t);
    stream.read(static_cast<std::size_t>(first - begin));
    if (!going || at == text.size()) return t;
  }
}

std::string first_difference(std::string_view text, reading const& how) {
  std::size_t const size = text.size();
  transcript const wanted = run_core(text, how, {});
  auto const differs = [&](transcript const& got, std::string const& way) {
    return got == wanted ? std::string()
                         : way + " says:\n" + to_string(got) + "instead of:\n" + to_string(wanted);
  };
#define QUIRE_COMPARE(way, name) \
  if (std::string d = differs(way, name); !d.empty()) return d

  if (std::string d = reference_difference(text, how, wanted); !d.empty()) return d;
  for (auto const* k = scan::available_kernels(); *k != nullptr; ++k) {
    scan::use_kernel(**k);
    std::string const name = (*k)->name;
    for (std::size_t cut = 0; cut <= size; ++cut) {
      QUIRE_COMPARE(run_core(text, how, {cut}), name + " cut at " + std::to_string(cut));
    }
    for (std::size_t piece : {1u, 2u, 3u, 7u, 16u}) {
      QUIRE_COMPARE(run_core_in_place(text, how, piece),
                    name + " in place, pieces of " + std::to_string(piece));
    }
  }
  std::vector<std::size_t> all_cuts;
  for (std::size_t cut = 1; cut < size; ++cut) all_cuts.push_back(cut);
  QUIRE_COMPARE(run_core(text, how, all_cuts), "octet by octet");
  for (std::size_t page = 1; page <= size; ++page) {
    QUIRE_COMPARE(run_buffer(text, how, page, 0), "pages of " + std::to_string(page));
    QUIRE_COMPARE(run_buffer(text, how, page, 3), "in threes, pages of " + std::to_string(page));
  }
  for (std::size_t piece : {std::size_t{1}, std::size_t{5}, size + 1}) {
    QUIRE_COMPARE(run_deque(text, how, piece), "deque, pieces of " + std::to_string(piece));
    QUIRE_COMPARE(run_list(text, how, piece), "list, pieces of " + std::to_string(piece));
  }
#undef QUIRE_COMPARE
  return {};
}

}  // namespace quire::http::test
