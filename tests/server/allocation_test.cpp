// The steady state of a request, from receive to the last byte sent, allocates nothing.
//
// A worker runs in this process; while the client asks, nobody else takes anything from the heap.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/temporary_directory.hpp"

#include <quire/server/worker.hpp>

#include QUIRE_SERVER_BACK_ENDS  // The header that lists them.

#include <gtest/gtest.h>

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <future>
#include <string>
#include <string_view>
#include <thread>

namespace quire::server {
namespace {

class client {
 public:
  explicit client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
  }
  ~client() { ::close(socket_); }

  // Sends requests and reads as many bytes as `count` answers of `size` bytes of content have, at
  // least: heads come on top.
  void ask(std::string_view requests, std::size_t count, std::size_t content) {
    ASSERT_EQ(::send(socket_, requests.data(), requests.size(), 0),
              static_cast<ssize_t>(requests.size()));
    std::size_t heads = 0;
    std::size_t body_left = 0;
    std::size_t matched = 0;  // Of the empty line that ends a head.
    while (heads != count || body_left != 0) {
      char bytes[65536];
      ssize_t const n = ::recv(socket_, bytes, sizeof bytes, 0);
      ASSERT_GT(n, 0);
      for (ssize_t i = 0; i != n;) {
        if (body_left != 0) {
          auto const here = std::min(body_left, static_cast<std::size_t>(n - i));
          body_left -= here;
          i += static_cast<ssize_t>(here);
          continue;
        }
        constexpr std::string_view end = "\r\n\r\n";
        char const c = bytes[i++];
        matched = c == end[matched] ? matched + 1 : c == end[0] ? 1 : 0;
        if (matched == end.size()) {
          ++heads;
          body_left = content;
          matched = 0;
        }
      }
    }
  }

 private:
  int socket_;
};

struct back_end_name {
  template <class Proactor>
  static std::string GetName(int) {
    return std::string(Proactor::name);
  }
};

template <class Proactor>
class allocation : public ::testing::Test {};
TYPED_TEST_SUITE(allocation, test::server_back_ends, back_end_name);

TYPED_TEST(allocation, the_steady_state_of_requests_takes_nothing_from_the_heap) {
  using proactor_type = TypeParam;
  test::temporary_directory site;
  site.make_file("small.html", std::string(1000, 'x'));
  site.make_file("medium.js", std::string(10'000, 'x'));
  site.make_file("large.bin", std::string(3 * 1024 * 1024, 'x'));
  settings s;
  for (number_setting const& n : number_settings) s.*n.value = n.standard;
  s.root = site.root();
  std::vector<io::endpoint> listen(1);
  ASSERT_TRUE(io::parse_endpoint("127.0.0.1:0", listen[0]));
  access_log log;
  access_log::channel& channel = log.add_channel();
  start_failure failure;
  std::promise<worker<proactor_type>*> started;
  std::promise<void> drained;
  std::thread thread([&] {
    page_pool pool(s.memory_max);
    proactor_type proactor(io::options{.pool = &pool}, failure.error);
    if (failure.error != io::error::none) return started.set_value(nullptr);
    worker<proactor_type> w(proactor, pool, {.configuration = s, .log = &channel}, listen, failure);
    started.set_value(failure.error == io::error::none ? &w : nullptr);
    if (failure.error != io::error::none) return;
    w.run();
    drained.get_future().wait();
  });
  worker<proactor_type>* const w = started.get_future().get();
  if (w == nullptr) {
    thread.join();
    // A machine may forbid a back end, as containers forbid io_uring.
    bool const forbidden =
        failure.error == io::error::unsupported || failure.error == io::error::access_denied;
    ASSERT_TRUE(forbidden) << io::message(failure.error);
    GTEST_SKIP() << proactor_type::name << " is not allowed on this machine";
  }

  std::string const small = "GET /small.html HTTP/1.1\r\nHost: a\r\n\r\n";
  std::string const medium = "GET /medium.js HTTP/1.1\r\nHost: a\r\n\r\n";
  std::string const large = "GET /large.bin HTTP/1.1\r\nHost: a\r\n\r\n";
  std::string const absent = "HEAD /absent HTTP/1.1\r\nHost: a\r\n\r\n";
  std::string pipelined;
  for (int i = 0; i != 40; ++i) pipelined += small;
  client c(listen[0].port);
  auto const round = [&] {
    c.ask(small, 1, 1000);
    c.ask(medium, 1, 10'000);
    c.ask(large, 1, 3 * 1024 * 1024);
    c.ask(absent, 1, 0);
    c.ask(pipelined, 40, 1000);
  };
  // Files that are only just written are not kept (file_loader.hpp): until they are, rounds
  // allocate.
  auto const allocates = [&] {
    std::size_t const earlier = test::allocations();
    round();
    return test::allocations() != earlier;
  };
  EXPECT_TRUE(allocates()) << "the count does not count";
  for (int i = 0; i != 10'000 && allocates(); ++i) {
  }
  std::size_t const before = test::allocations();
  for (int i = 0; i != 50; ++i) round();
  EXPECT_EQ(test::allocations() - before, 0U);
  w->drain();
  drained.set_value();
  thread.join();
}

}  // namespace
}  // namespace quire::server
