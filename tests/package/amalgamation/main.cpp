// Uses each part of the one header: every scan kernel that this processor has, on values that are
// longer than its vectors; the core parser over two kinds of iterators; the buffer parser; a field
// value. All kernels and parsers say the same, so it is written once.
#include <quire_parser.hpp>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstring>
#include <deque>
#include <string>

namespace http = quire::http;

namespace {

std::string const message =
    "POST /a/long/path?" + std::string(150, 'q') + " HTTP/1.1\r\nHost: example.org\r\nX-" +
    std::string(90, 'n') + ": " + std::string(200, 'v') +
    "\r\nAccept-Encoding: gzip;q=0.5, br\r\nTransfer-Encoding: chunked\r\n\r\n"
    "4\r\nwiki\r\n0\r\nTrailer: t\r\n\r\n";

// Writes down what `parser` finds in [first, last).
template <class Parser, class Iterator>
std::string transcript(Parser& parser, Iterator first, Iterator last) {
  std::string text;
  http::node<Iterator> n;
  http::error e;
  http::result r = http::result::ok;
  while ((r = parser.parse(first, last, n, e)) == http::result::ok) {
    for_each_part(n, [&text](http::part_type type, auto const& part) {
      text += std::string(to_string(type)) + " \"" + std::string(part.begin(), part.end()) + "\"\n";
    });
  }
  return text + (r == http::result::done ? "done\n" : "not done\n");
}

std::string by_core() {
  http::parser<char const*> parser;
  return transcript(parser, message.data(), message.data() + message.size());
}

std::string by_deque() {
  std::deque<char> const octets(message.begin(), message.end());
  http::parser<std::deque<char>::const_iterator> parser;
  return transcript(parser, octets.begin(), octets.end());
}

// Over pages of 32 octets, so that most elements straddle two of them.
std::string by_pages() {
  static std::array<char, 1024> memory;
  static std::deque<quire::page> pages;
  quire::buffer input;
  for (std::size_t at = 0; at < message.size(); at += 32) {
    quire::page& page = pages.emplace_back(memory.data() + at, memory.data() + at + 32);
    std::size_t const size = std::min<std::size_t>(32, message.size() - at);
    std::memcpy(page.first(), message.data() + at, size);
    page.commit_write(size);
    input.push(&page);
  }
  http::buffer_parser parser;
  std::string text = transcript(parser, input.begin(), input.end());
  while (input.pop() != nullptr) {
  }
  return text;
}

}  // namespace

int main() {
  std::string const expected = by_deque();
  for (auto const* k = http::scan::available_kernels(); *k != nullptr; ++k) {
    http::scan::use_kernel(**k);
    if (by_core() != expected || by_pages() != expected) {
      std::printf("%s disagrees:\n%s%s", (*k)->name, by_core().c_str(), by_pages().c_str());
      return 1;
    }
  }
  std::printf("%sgzip %d\n", expected.c_str(), http::coding_quality("gzip;q=0.5, br", "gzip"));
}
