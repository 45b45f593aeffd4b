// Peers that are slow or silent: each phase has its time, and nobody else waits.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <optional>

namespace quire::test {
namespace {

class time_limits : public testing::Test {
 protected:
  time_limits() {
    pages_.write("page.html", "page");
    pages_.write("large.bin", pattern(24'000'000));
  }
  void start(std::vector<std::string> const& arguments) {
    server_.emplace(pages_.root(), arguments);
    started_ = std::chrono::steady_clock::now();
  }
  double elapsed() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - started_).count();
  }
  void expect_service() { EXPECT_EQ(fetch(*server_, "/page.html").content, "page"); }

  site pages_;
  std::optional<server> server_;
  std::chrono::steady_clock::time_point started_;
};

TEST_F(time_limits, a_request_that_does_not_end_is_408) {
  start({"--header-timeout", "1"});
  for (std::string const begin :
       {"G", "GET /page.html HTTP/1.1\r\n", "GET / HTTP/1.1\r\nHost: a\r\nX: "}) {
    client c(*server_);
    c.send(begin);
    response const r = c.read();
    expect_error_page(r, 408);
    EXPECT_FALSE(r.keeps_connection());
    EXPECT_EQ(c.read_to_end(), ending::closed);
  }
  EXPECT_GE(elapsed(), 2.5);
}

TEST_F(time_limits, trickling_bytes_do_not_prolong_the_header_time) {
  start({"--header-timeout", "1"});
  client c(*server_);
  c.send("GET /page.html HTTP/1.1\r\nX: ");
  // Byte after byte, until the server has enough of it.
  for (;;) {
    c.send("x");
    if (c.ended_or_answered(std::chrono::milliseconds(50))) break;
    ASSERT_LT(elapsed(), 30);
  }
  expect_error_page(c.read(), 408);
}

TEST_F(time_limits, a_request_after_others_has_its_own_time) {
  start({"--header-timeout", "1"});
  client c(*server_);
  c.send(get("/page.html") + "GET /page.html HT");
  EXPECT_EQ(c.read().content, "page");
  EXPECT_EQ(c.read().status, 408);
}

TEST_F(time_limits, a_silent_connection_is_closed_without_a_word) {
  start({"--idle-timeout", "1"});
  client silent(*server_);
  client used(*server_);
  used.send(get("/page.html"));
  EXPECT_EQ(used.read().content, "page");
  std::string rest;
  EXPECT_EQ(silent.read_to_end(&rest), ending::closed);
  EXPECT_EQ(used.read_to_end(&rest), ending::closed);
  EXPECT_EQ(rest, "");
  EXPECT_GE(elapsed(), 0.9);
}

TEST_F(time_limits, content_that_does_not_come_ends_the_connection) {
  start({"--body-timeout", "1"});
  client c(*server_);
  c.send(request("POST", "/page.html", "Content-Length: 100\r\n") + "few");
  std::string all;
  c.read_to_end(&all);
  EXPECT_TRUE(all.empty() || all.starts_with("HTTP/1.1 405") || all.starts_with("HTTP/1.1 408"))
      << all;
}

TEST_F(time_limits, a_client_that_takes_nothing_is_cut_off) {
  start({"--send-timeout", "1"});
  client c(*server_, 4096);
  c.send(get("/large.bin"));
  // Nothing is read until the server has given up: other requests go on meanwhile.
  client other(*server_);
  while (elapsed() < 4) {
    other.send(get("/page.html"));
    ASSERT_EQ(other.read().content, "page");
  }
  std::string all;
  c.read_to_end(&all);
  EXPECT_LT(all.size(), 24'000'000U);
}

TEST_F(time_limits, a_client_that_takes_little_by_little_gets_all) {
  start({"--send-timeout", "1"});
  client c(*server_, 4096);
  c.send(get("/large.bin", "Range: bytes=0-1999999\r\n"));
  client other(*server_);
  std::string all;
  while (all.size() < 1'500'000) {
    all += c.read_bytes(50'000);
    other.send(get("/page.html"));
    ASSERT_EQ(other.read().content, "page");
  }
  std::size_t const head = all.find("\r\n\r\n") + 4;
  all += c.read_bytes(head + 2'000'000 - all.size());
  EXPECT_TRUE(all.substr(head) == pattern(24'000'000).substr(0, 2'000'000));
}

TEST_F(time_limits, a_hundred_slow_clients_keep_nobody_waiting) {
  start({"--workers", "1"});
  std::vector<client> slow;
  for (int i = 0; i != 100; ++i) {
    client& c = slow.emplace_back(*server_, 4096);
    c.send(i % 2 == 0 ? "GET /page.html HTTP/1.1\r\nHost: a\r\nX: y" : get("/large.bin"));
  }
  for (int i = 0; i != 20; ++i) expect_service();
  for (int i = 0; i < 100; i += 2) {
    slow[static_cast<std::size_t>(i)].send("\r\n\r\n");
    EXPECT_EQ(slow[static_cast<std::size_t>(i)].read().content, "page");
  }
}

TEST_F(time_limits, two_hundred_connections_are_served_at_once) {
  start({});
  std::vector<client> all;
  for (int i = 0; i != 200; ++i) all.emplace_back(*server_);
  for (int round = 0; round != 5; ++round) {
    for (client& c : all) c.send(get("/page.html") + get("/large.bin", "Range: bytes=5-9\r\n"));
    for (client& c : all) {
      ASSERT_EQ(c.read().content, "page");
      ASSERT_EQ(c.read().content, pattern(10).substr(5));
    }
  }
}

// False for one connection too many: it is told so, or closed without a word when there are many.
bool is_served(client& c) {
  try {
    c.send(get("/page.html"));
    return c.read().status == 200;
  } catch (std::exception const&) {
    return false;
  }
}

TEST_F(time_limits, connections_that_come_and_go_leave_nothing_behind) {
  start({"--connections-max", "8", "--workers", "1"});
  for (int i = 0; i != 500; ++i) {
    client c(*server_);
    if (i % 3 == 0) c.send("GET /");
    if (i % 3 == 1) c.send(get("/large.bin"));
    c.reset();
  }
  // Were one of them kept, there would never again be room for eight at once; it takes a moment
  // until the end of the last ones is seen.
  std::size_t served = 0;
  while (served != 8 && elapsed() < 60) {
    std::vector<client> all;
    for (served = 0; served != 8; ++served) {
      if (!is_served(all.emplace_back(*server_))) break;
    }
  }
  EXPECT_EQ(served, 8U);
}

}  // namespace
}  // namespace quire::test
