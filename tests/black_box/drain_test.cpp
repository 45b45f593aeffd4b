// The end of the server: what runs is finished, what waits is closed, nothing new begins.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <optional>
#include <random>

namespace quire::test {
namespace {

class drain : public testing::Test {
 protected:
  static constexpr std::size_t large = 24'000'000;

  drain() {
    pages_.write("page.html", "page");
    pages_.write("large.bin", pattern(large));
  }
  void start(std::vector<std::string> const& arguments = {}) {
    server_.emplace(pages_.root(), arguments);
  }
  // A connection with a response that cannot end before the test reads.
  client begin_large() {
    client c(*server_, 65536);
    c.send(get("/large.bin"));
    begun_ = c.read_bytes(1000);
    return c;
  }
  std::string finish_large(client& c) {
    std::string all = begun_;
    c.read_to_end(&all);
    return all.substr(all.find("\r\n\r\n") + 4);
  }
  // Waits until the server has seen the signal: then an idle connection is closed.
  static void wait_for_end(client& idle) { idle.read_to_end(); }

  site pages_;
  std::optional<server> server_;
  std::string begun_;
};

TEST_F(drain, ends_at_once_when_nothing_runs) {
  for (int const signal : {stop_signal(), SIGINT}) {
    start({"--workers",
           "1"});  // One of them accepts in order: `idle` was accepted when `used` is answered.
    client idle(*server_);
    client used(*server_);
    used.send(get("/page.html"));
    EXPECT_EQ(used.read().content, "page");
    server_->signal(signal);
    EXPECT_EQ(idle.read_to_end(), ending::closed);
    EXPECT_EQ(used.read_to_end(), ending::closed);
    EXPECT_EQ(server_->wait(), 0);
  }
}

TEST_F(drain, lets_a_running_response_finish_and_takes_no_new_connection) {
  start({"--drain-timeout", "60"});
  client idle(*server_);
  idle.send(get("/page.html"));
  EXPECT_EQ(idle.read().content, "page");
  client c = begin_large();
  server_->signal(stop_signal());
  wait_for_end(idle);
  // Each worker has its listener, and stops in its own time.
  for (auto const begin = std::chrono::steady_clock::now();
       !refuses_connections(server_->where());) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, patience);
  }
  EXPECT_TRUE(finish_large(c) == pattern(large));
  EXPECT_EQ(server_->wait(), 0);
}

TEST_F(drain, a_request_that_is_half_there_is_still_answered_and_is_the_last) {
  start({"--workers", "1"});
  client idle(*server_);
  client c(*server_);
  c.send(get("/page.html") + "GET /page.html HTTP/1.1\r\nHost: a\r\n");
  EXPECT_EQ(c.read().content, "page");
  server_->signal(stop_signal());
  wait_for_end(idle);
  c.send("\r\n" + get("/page.html"));
  std::vector<response> const rest = c.read_all();
  ASSERT_LE(rest.size(), 1U);
  if (rest.size() == 1) {
    EXPECT_EQ(rest[0].content, "page");
    EXPECT_EQ(rest[0].field("Connection"), "close");
  }
  EXPECT_EQ(server_->wait(), 0);
}

TEST_F(drain, has_a_time_limit) {
  start({"--drain-timeout", "1"});
  client c = begin_large();
  server_->signal(stop_signal());
  EXPECT_EQ(server_->wait(), 0);
  EXPECT_LT(finish_large(c).size(), large);
}

TEST_F(drain, without_patience_cuts_at_once) {
  start({"--drain-timeout", "0"});
  client c = begin_large();
  server_->signal(stop_signal());
  EXPECT_EQ(server_->wait(), 0);
  EXPECT_LT(finish_large(c).size(), large);
}

TEST_F(drain, a_second_signal_ends_at_once) {
  start({"--drain-timeout", "3600"});
  client idle(*server_);
  idle.send(get("/page.html"));
  EXPECT_EQ(idle.read().content, "page");
  client c = begin_large();
  server_->signal(stop_signal());
  wait_for_end(idle);
  server_->signal(stop_signal());
  EXPECT_EQ(server_->wait(), 1);
  EXPECT_LT(finish_large(c).size(), large);
}

// Whether somebody listens, or has a connection, on this port of 127.0.0.1.
bool is_in_use(std::uint16_t port) {
  int const s = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in where{};
  where.sin_family = AF_INET;
  where.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  where.sin_port = htons(port);
  bool const bound = ::bind(s, reinterpret_cast<sockaddr const*>(&where), sizeof where) == 0;
  ::close(s);
  return !bound;
}

// A port that the system gives to nobody who asks for any: between two servers, somebody would get
// it.
std::uint16_t port_of_our_own() {
  std::random_device random;
  for (;;) {
    auto const port = static_cast<std::uint16_t>(10000 + random() % 20000);
    if (!is_in_use(port)) return port;
  }
}

TEST_F(drain, the_port_is_free_afterwards) {
  std::uint16_t const port = port_of_our_own();
  std::string const at = "127.0.0.1:" + std::to_string(port);
  start({"--listen", at});
  client used(server_->addresses()[1]);
  used.send(get("/page.html"));
  EXPECT_EQ(used.read().content, "page");
  server_->signal(stop_signal());
  EXPECT_EQ(used.read_to_end(), ending::closed);
  EXPECT_EQ(server_->wait(), 0);
  // The server has closed first, so that the connection lingers on here.
  EXPECT_TRUE(is_in_use(port));
  // Another server can take the same port at once.
  server again(pages_.root(), {"--listen", at});
  EXPECT_EQ(again.addresses()[1].port, port);
}

}  // namespace
}  // namespace quire::test
