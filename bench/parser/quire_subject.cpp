// The parser of this project through its public interface: the core with each kernel, and over
// pages.
#include "bench/parser/subject.hpp"

#include <quire/buffer/buffer.hpp>
#include <quire/parser/buffer_parser.hpp>
#include <quire/parser/parser.hpp>
#include <quire/parser/scan.hpp>

#include <array>
#include <cstring>
#include <deque>
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
  return [&in, &kernel, p, fields] {
    http::scan::use_kernel(kernel);
    char const* const begin = in.octets.data();
    char const* first = begin;
    outcome out = pull_all(*p, first, begin + in.octets.size(), *fields);
    asm volatile("" : : "r"(fields->data()) : "memory");
    out.used = static_cast<std::size_t>(first - begin);
    return out;
  };
}

// Pages of 4 KiB that hold the input, as if it had just been received.
struct filled_pages {
  explicit filled_pages(std::string_view octets) {
    while (!octets.empty()) {
      memory.push_back(std::make_unique<char[]>(4096));
      page& p = pages.emplace_back(memory.back().get(), memory.back().get() + 4096);
      std::size_t const n = std::min<std::size_t>(4096, octets.size());
      std::memcpy(p.write_position(), octets.data(), n);
      p.commit_write(n);
      chain.push(&p);
      octets.remove_prefix(n);
    }
  }
  ~filled_pages() {
    while (chain.pop() != nullptr) {
    }
  }
  buffer chain;
  std::deque<page> pages;
  std::vector<std::unique_ptr<char[]>> memory;
};

std::function<outcome()> prepare_buffer(input const& in, http::scan::kernel const& kernel) {
  bool const response = in.octets.starts_with("HTTP/");
  auto const p = std::make_shared<http::buffer_parser>();
  if (response) p->expect({});
  auto const pages = std::make_shared<filled_pages>(in.octets);
  auto const fields = std::make_shared<std::array<http::node<buffer::iterator>, 64>>();
  return [&kernel, p, pages, fields] {
    http::scan::use_kernel(kernel);
    buffer::iterator first = pages->chain.begin();
    outcome out = pull_all(*p, first, pages->chain.end(), *fields);
    asm volatile("" : : "r"(fields->data()) : "memory");
    out.used = static_cast<std::size_t>(first - pages->chain.begin());
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
}

}  // namespace quire::bench
