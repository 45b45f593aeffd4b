// Small worlds, tested whole: all strings up to a length over the dangerous octets, at the places
// of a message where they matter. Every string runs whole and octet by octet, and against the
// reference.
#include "tests/parser/every_way.hpp"
#include "tests/parser/reference_parser.hpp"

#include <gtest/gtest.h>
#include <cstddef>
#include <functional>
#include <set>
#include <string>
#include <string_view>

namespace quire::http::test {
namespace {

// Calls f with all strings of 0 to `length` octets of the alphabet.
void for_all(std::string_view alphabet, std::size_t length,
             std::function<void(std::string const&)> const& f) {
  std::string text;
  std::function<void()> const extend = [&] {
    f(text);
    if (text.size() == length) return;
    for (char const c : alphabet) {
      text.push_back(c);
      extend();
      text.pop_back();
    }
  };
  extend();
}

// Runs before + w + after for every w; returns how many different transcripts there were, so that a
// test notices when its world has become a trivial one.
std::size_t try_all(std::string const& before, std::string const& after, std::string_view alphabet,
                    std::size_t length, reading const& how = {}) {
  std::set<std::string> seen;
  for_all(alphabet, length, [&](std::string const& w) {
    std::string const text = before + w + after;
    transcript const whole = run_core(text, how, {});
    seen.insert(to_string(whole));
    auto const same = [&](transcript const& other, char const* way) {
      ASSERT_EQ(to_string(other), to_string(whole)) << way << ": " << printable(text);
    };
    ASSERT_EQ(reference_difference(text, how, whole), "") << printable(text);
    same(run_core_in_place(text, how, 1), "in place, octet by octet");
    same(run_deque(text, how, 1), "deque, octet by octet");
    same(run_buffer(text, how, 3, 0), "pages of 3");
    same(run_buffer(text, how, before.size() + w.size() / 2 + 1, 0), "cut inside");
  });
  return seen.size();
}

constexpr std::string_view white = "\r\n \t:a";

TEST(exhaustive, start_of_a_request) {
  EXPECT_GT(try_all("", "GET / HTTP/1.0\r\n\r\n", "\r\n \tG/", 5), 50u);
}

TEST(exhaustive, request_line) {
  EXPECT_GT(try_all("GET", "\r\n\r\n", std::string_view(" /H\r\n%2#\0", 9), 4), 100u);
  EXPECT_GT(try_all("GET / ", "\r\n\r\n", "HTP/1.02 \r", 3), 4u);
  EXPECT_GT(try_all("GET / HTTP/1.1", "", "\r\n \t1", 5), 10u);
}

TEST(exhaustive, target_and_host) {
  EXPECT_GT(try_all("GET ", " HTTP/1.0\r\n\r\n", "a:/@?*[]%", 4), 50u);
  EXPECT_GT(try_all("GET http://", " HTTP/1.0\r\n\r\n", "a:/@[]%1", 4), 50u);
  EXPECT_GT(try_all("CONNECT ", " HTTP/1.0\r\n\r\n", "a:[].%1", 4), 20u);
  EXPECT_GT(try_all("GET / HTTP/1.1\r\nHost:[", "\r\n\r\n", "1:.]", 7), 40u);
}

TEST(exhaustive, field_lines) {
  EXPECT_GT(try_all("GET / HTTP/1.0\r\n", "\r\n\r\n", white, 5), 90u);
  EXPECT_GT(
      try_all("GET / HTTP/1.0\r\nA", "B:c\r\n\r\n", std::string_view("\r\n \t:\0\x7f\x80", 8), 4),
      70u);
}

TEST(exhaustive, folded_and_lenient_responses) {
  reading how{.response = response_to{}};
  how.lenient.obs_fold = true;
  how.lenient.bare_lf = true;
  how.lenient.white_space_before_colon = true;
  EXPECT_GT(try_all("HTTP/1.1 304 \r\nA", "\r\n\r\n", white, 5, how), 400u);
}

TEST(exhaustive, status_line) {
  EXPECT_GT(try_all("HTTP/1.1 20", "\r\n\r\n", "\r\n \t0a", 4, {.response = response_to{}}), 30u);
}

TEST(exhaustive, content_length) {
  reading how;
  EXPECT_GT(try_all("POST / HTTP/1.0\r\nContent-Length:", "\r\n\r\nab", "01,+ \t;", 4, how), 50u);
  how.lenient.repeated_content_length = true;
  EXPECT_GT(try_all("POST / HTTP/1.0\r\nContent-Length:", "\r\n\r\nab", "01, \t", 5, how), 50u);
}

TEST(exhaustive, transfer_encoding) {
  EXPECT_GT(try_all("POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding:", "chunked\r\n\r\n0\r\n\r\n",
                    ", \ta;\"\\", 5),
            100u);
  EXPECT_GT(try_all("POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding:chunked", "\r\n\r\n0\r\n\r\n",
                    ", \ta;\"", 4),
            50u);
}

TEST(exhaustive, connection) {
  EXPECT_GT(try_all("GET / HTTP/1.1\r\nHost:\r\nConnection:", "close\r\n\r\nX", ", \ta;", 4), 10u);
}

TEST(exhaustive, chunks) {
  std::string const head = "POST / HTTP/1.1\r\nHost:\r\nTransfer-Encoding:chunked\r\n\r\n";
  EXPECT_GT(try_all(head, "\r\n\r\n", "\r\n01; a", 5), 100u);
  EXPECT_GT(try_all(head + "1", "\r\nx\r\n0\r\n\r\n", "; =a\"\\\r", 5), 20u);
  EXPECT_GT(try_all(head + "2\r\nab", "0\r\n\r\n", "\r\n0;", 5), 10u);
  EXPECT_GT(try_all(head + "0\r\n", "\r\n", white, 4), 40u);
}

}  // namespace
}  // namespace quire::http::test
