// The steady state of a request, from receive to the last byte sent, allocates nothing.
//
// A worker runs in this process; while the client asks, nobody else takes anything from the heap.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/temporary_directory.hpp"

#include <quire/server/worker.hpp>

#include QUIRE_SERVER_BACK_ENDS  // The header that lists them.

#include <gtest/gtest.h>

#include <algorithm>
#include <future>
#include <string>
#include <string_view>
#include <thread>

namespace quire::server {
namespace {

// A client on a loop of its own, which takes nothing from the heap either.
template <class Proactor>
class client {
 public:
  client(io::endpoint const& where, io::error& e) : loop_({.pool = &pool_}, e) {
    connect_.template bind<&client::completed>(this);
    send_.template bind<&client::completed>(this);
    receive_.template bind<&client::completed>(this);
    if (e != io::error::none) return;
    loop_.connect(stream_, where, connect_);
    e = outcome_of(connect_);
  }
  ~client() {
    while (page* const p = in_.pop()) pool_.release(p);
    if (stream_.is_open()) loop_.close(stream_);
  }

  // Sends requests and reads as many bytes as `count` answers of `size` bytes of content have, at
  // least: heads come on top.
  void ask(std::string_view requests, std::size_t count, std::size_t content) {
    const_span const span{requests.data(), requests.size()};
    loop_.send(stream_, send_, {&span, 1});
    ASSERT_EQ(outcome_of(send_), io::error::none);
    ASSERT_EQ(send_.transferred(), requests.size());
    heads_ = 0;
    while (heads_ != count || content_left_ != 0) {
      loop_.receive(stream_, receive_, in_);
      ASSERT_EQ(outcome_of(receive_), io::error::none);
      ASSERT_NE(receive_.transferred(), 0U);
      for (auto run = in_.pages_begin(); run != in_.pages_end(); ++run) {
        read({(*run).data, (*run).size}, content);
      }
      in_.commit_read(in_.size());
      while (page* const p = in_.pop_consumed()) pool_.release(p);
    }
  }

 private:
  void completed() noexcept {}
  io::error outcome_of(io::operation const& op) {
    while (!op.idle()) loop_.run_once(io::wait::yes);
    return op.result();
  }

  // A part of the answers.
  void read(std::string_view bytes, std::size_t content) {
    while (!bytes.empty()) {
      if (content_left_ != 0) {
        std::size_t const here = std::min(content_left_, bytes.size());
        content_left_ -= here;
        bytes.remove_prefix(here);
        continue;
      }
      constexpr std::string_view end = "\r\n\r\n";
      char const c = bytes.front();
      bytes.remove_prefix(1);
      matched_ = c == end[matched_] ? matched_ + 1 : c == end[0] ? 1 : 0;
      if (matched_ != end.size()) continue;
      ++heads_;
      content_left_ = content;
      matched_ = 0;
    }
  }

  page_pool pool_{4u << 20};
  Proactor loop_;
  typename Proactor::stream stream_;
  typename Proactor::connect_operation connect_;
  typename Proactor::send_operation send_;
  typename Proactor::receive_operation receive_;
  buffer in_;
  std::size_t heads_ = 0;
  std::size_t content_left_ = 0;
  std::size_t matched_ = 0;  // Of the empty line that ends a head.
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
  io::error error = io::error::none;
  client<proactor_type> c(listen[0], error);
  ASSERT_EQ(error, io::error::none);
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
  // Copies and encoded forms are made in the background as well.
  int steady = 0;
  for (int i = 0; i != 10'000 && steady != 20; ++i) steady = allocates() ? 0 : steady + 1;
  EXPECT_EQ(steady, 20) << "rounds in a row that took nothing from the heap";
  w->drain();
  drained.set_value();
  thread.join();
}

}  // namespace
}  // namespace quire::server
