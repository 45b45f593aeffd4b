// Lines that are found ahead, by every kernel, and what a caller sees meanwhile.
#include "tests/parser/every_way.hpp"
#include "tests/parser/guarded_memory.hpp"

#include <quire/parser/parser.hpp>
#include <quire/parser/scan.hpp>

#include <gtest/gtest.h>
#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace quire::http::test {
namespace {

std::string head_with(std::string const& target, std::vector<std::string> const& lines) {
  std::string text = "GET " + target + " HTTP/1.1\r\nHost: www.example.com:8080\r\n";
  for (std::string const& line : lines) text += line + "\r\n";
  return text + "\r\n";
}

TEST(look_ahead, gives_the_elements_of_the_grammar_for_long_heads) {
  std::string const tail = std::string(70, 'v');
  std::vector<std::string> const heads = {
      head_with("/" + std::string(90, 'p'), {"Cookie: " + std::string(200, 'c'), "A: " + tail}),
      head_with("/a%20b?c=%7e" + std::string(60, 'q') + "%2F", {"Accept: " + tail, "B: b"}),
      head_with("/", {"X-" + std::string(100, 'n') + ": " + tail, "Connection: keep-alive"}),
      head_with("/", {"A: tab\tinside " + tail, "B: \xc3\xa4 " + tail, "C: c"}),
      head_with("/", {"A:" + tail, "B: \t" + tail, "C: " + tail + " \t", "D:", "E: "}),
      head_with("/", {"Connection: " + tail + ", Close", "Upgrade-Insecure-Requests: 1"}),
      head_with("/", {"Sec-WebSocket-Extensions: " + tail, "Access-Control-Allow-Headers: x"}),
  };
  for (std::string const& head : heads) {
    EXPECT_EQ(first_difference(head + head, {}), "") << printable(head);
  }
}

TEST(look_ahead, gives_the_errors_of_the_grammar_wherever_they_are) {
  std::string const good = head_with("/path", {"Accept: " + std::string(40, 'a'), "B: b"});
  for (char const bad : {'\0', '\r', '\n', '\t', ' ', ':', '\x7f', '\x80', '%', '#', '@'}) {
    for (std::size_t i = 0; i < good.size(); ++i) {
      std::string text = good;
      text[i] = bad;
      transcript const wanted = run_list(text, {}, text.size());
      for (auto const* k = scan::available_kernels(); *k != nullptr; ++k) {
        scan::use_kernel(**k);
        EXPECT_EQ(to_string(run_core(text, {}, {})), to_string(wanted))
            << (*k)->name << ": " << printable(text);
      }
    }
  }
}

TEST(look_ahead, gives_the_elements_of_the_grammar_for_requests_with_host_alone) {
  for (std::size_t const target : {1U, 2U, 31U, 32U, 33U}) {
    std::string const start = "GET /" + std::string(target - 1, 't') + " HTTP/1.1\r\nHost: ";
    for (std::size_t const size : {1U, 2U, 9U, 10U, 11U, 14U, 16U, 17U, 31U, 32U, 33U}) {
      for (std::size_t i = 0; i < 2 * size; ++i) {
        for (char const octet : {':', '1', '@', '%', '\x80'}) {
          std::string host(size, i < size ? '9' : 'a');
          std::fill_n(host.begin(), i % size, 'a');
          host[i % size] = octet;
          std::string const text = start + host + "\r\n\r\n";
          transcript const wanted = run_list(text, {}, text.size());
          for (auto const* k = scan::available_kernels(); *k != nullptr; ++k) {
            scan::use_kernel(**k);
            EXPECT_EQ(to_string(run_core(text, {}, {})), to_string(wanted))
                << (*k)->name << ": " << printable(text);
          }
        }
      }
    }
  }
}

TEST(look_ahead, finds_more_fields_than_fit_into_one_search) {
  std::vector<std::string> lines;
  for (int i = 0; i < 60; ++i)
    lines.push_back("Field-" + std::to_string(i) + ": " + std::to_string(i));
  EXPECT_EQ(first_difference(head_with("/", lines), {}), "");
}

TEST(look_ahead, keeps_to_the_limits) {
  std::string const text = head_with(
      "/target", {"Name-Of-Eighteen-1: " + std::string(50, 'v'), "B: " + std::string(99, 'w')});
  auto const judge = [&](auto limits::*member, std::uint32_t from, std::uint32_t to) {
    for (std::uint32_t most = from; most < to; ++most) {
      reading how;
      how.limit.*member = most;
      transcript const wanted = run_list(text, how, text.size());
      EXPECT_EQ(to_string(run_core(text, how, {})), to_string(wanted)) << most;
    }
  };
  judge(&limits::method_length_max, 0, 5);
  judge(&limits::target_length_max, 0, 10);
  judge(&limits::request_line_length_max, 10, 30);
  judge(&limits::field_name_length_max, 0, 25);
  judge(&limits::field_line_length_max, 0, 120);
  judge(&limits::field_section_length_max, 0, 220);
  judge(&limits::field_count_max, 0, 5);
}

TEST(look_ahead, reads_nothing_in_front_of_or_behind_its_input) {
  guarded_memory const memory(1024);
  for (auto const* k = scan::available_kernels(); *k != nullptr; ++k) {
    scan::use_kernel(**k);
    for (std::size_t filling = 0; filling < 150; ++filling) {
      std::string const text = "GET /" + std::string(filling / 2, 't') +
                               " HTTP/1.1\r\nHost: a\r\nB: " + std::string(filling, 'b') +
                               "x\r\n\r\n";
      for (std::size_t size = 0; size <= text.size(); ++size) {
        for (char* const start : {memory.first(), memory.last() - size}) {
          std::copy_n(text.data(), size, start);
          parser<char const*> p;
          char const* first = start;
          node<char const*> n;
          error e;
          result r;
          while ((r = p.parse(first, start + size, n, e)) == result::ok) {
          }
          ASSERT_EQ(r, size == text.size() ? result::done : result::need_more) << (*k)->name;
        }
      }
    }
  }
}

TEST(look_ahead, counts_offsets_up_to_the_element_that_was_handed_out) {
  std::string const text = head_with("/", {"A: b", "C: d"}) + head_with("/", {});
  parser<char const*> p;
  char const* first = text.data();
  node<char const*> n;
  error e;
  for (int messages = 0; messages != 2;) {
    messages += p.parse(first, text.data() + text.size(), n, e) == result::done;
    EXPECT_EQ(p.offset(), static_cast<std::size_t>(first - text.data()));
  }
}

TEST(look_ahead, forgets_what_it_found_when_the_stream_ends_in_front_of_it) {
  std::string const text = head_with("/", {"A: b"});
  parser<char const*> p;
  char const* first = text.data();
  node<char const*> n;
  error e;
  ASSERT_EQ(p.parse(first, text.data() + text.size(), n, e), result::ok);
  EXPECT_EQ(p.finish(first, text.data() + text.size(), n, e), result::error);
  EXPECT_EQ(e.code, error_code::incomplete_message);
  EXPECT_EQ(e.offset, 16u);
  p.reset();
  char const* again = text.data();
  ASSERT_EQ(p.parse(again, text.data() + text.size(), n, e), result::ok);
  EXPECT_EQ(n.type, node_type::request_line);
}

TEST(look_ahead, survives_that_the_octets_move) {
  std::string const text = head_with("/moved", {"A: b", "C: d"});
  parser<char const*> p;
  std::string said;
  std::size_t consumed = 0;
  for (result r = result::ok; r == result::ok;) {
    std::string const elsewhere = text.substr(consumed);
    char const* first = elsewhere.data();
    node<char const*> n;
    error e;
    r = p.parse(first, elsewhere.data() + elsewhere.size(), n, e);
    consumed += static_cast<std::size_t>(first - elsewhere.data());
    if (n.type == node_type::field) said += std::string(n.value()) + " ";
  }
  EXPECT_EQ(said, "www.example.com:8080 b d ");
  EXPECT_EQ(consumed, text.size());
}

}  // namespace
}  // namespace quire::http::test
