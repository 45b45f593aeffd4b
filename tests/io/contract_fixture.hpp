// What the tests of the contract share: a loop with its pool, operations that record their
// completions, and connected pairs of streams. Only names of the concept are used, so that every
// back end is tested by the same source.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>
#include <quire/io/proactor.hpp>

#include QUIRE_BACK_ENDS  // The header that lists them.

#include <gtest/gtest.h>

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace quire::test {

using io::error;
using io::wait;
using namespace std::chrono_literals;

constexpr std::size_t page_size = page_pool::page_size;

struct back_end_name {
  template <class BackEnd>
  static std::string GetName(int) {
    if constexpr (requires { BackEnd::name(); }) return BackEnd::name();
    std::string name(BackEnd::proactor::name);
    if constexpr (requires { BackEnd::suffix; }) name += BackEnd::suffix;
    return name;
  }
};

// An operation and what became of it.
template <class Operation>
class recorded {
 public:
  recorded() { op.template bind<&recorded::complete>(this); }

  Operation op;
  int completions = 0;
  bool idle_at_completion = false;
  std::function<void()> then;  // Called in the completion.

  bool done() const { return completions != 0; }
  error result() const { return op.result(); }
  std::size_t transferred() const { return op.transferred(); }

 private:
  void complete() noexcept {
    ++completions;
    idle_at_completion = op.idle();
    if (then) then();
  }
};

template <class BackEnd>
class contract : public ::testing::Test {
 public:
  using proactor = typename BackEnd::proactor;
  using stream = typename proactor::stream;
  using accept_op = recorded<typename proactor::accept_operation>;
  using connect_op = recorded<typename proactor::connect_operation>;
  using receive_op = recorded<typename proactor::receive_operation>;
  using send_op = recorded<typename proactor::send_operation>;
  using open_op = recorded<typename proactor::open_operation>;
  using read_op = recorded<typename proactor::read_operation>;
  using resident_op = recorded<typename proactor::resident_operation>;
  using timer_op = recorded<typename proactor::timer>;
  using posted_op = recorded<typename proactor::posted_operation>;

  contract() : contract(io::options{}) {}
  ~contract() override { close_all(); }

  // Turns the loop until `done` says so. A test that would hang ends the program instead.
  template <class Done>
  void run_until(Done done) {
    auto const give_up = std::chrono::steady_clock::now() + 20s;
    while (!done()) {
      loop.schedule(watchdog.op, loop.now() + 1s);
      loop.run_once(wait::yes);
      if (std::chrono::steady_clock::now() > give_up) {
        std::fputs("the loop waits for what does not come\n", stderr);
        std::abort();
      }
    }
    if (!watchdog.op.idle()) {
      loop.cancel(watchdog.op);
      while (!watchdog.op.idle()) loop.run_once(wait::no);
    }
  }
  template <class Operation>
  void run_until_done(recorded<Operation> const& r) {
    run_until([&] { return r.op.idle(); });
  }
  // Some turns, without waiting.
  void turn(int count = 5) {
    for (int i = 0; i != count; ++i) loop.run_once(wait::no);
  }

  static io::endpoint loopback(std::uint16_t port = 0) {
    io::endpoint e;
    e.address = {127, 0, 0, 1};
    e.port = port;
    return e;
  }

  void connect_pair(stream& active, stream& passive) {
    typename proactor::listener l;
    ASSERT_EQ(loop.listen(l, loopback(), {}), error::none);
    accept_op accepted;
    connect_op connected;
    loop.accept(l, accepted.op);
    loop.connect(active, loop.local_endpoint(l), connected.op);
    run_until([&] { return accepted.done() && connected.done(); });
    ASSERT_EQ(accepted.result(), error::none);
    ASSERT_EQ(connected.result(), error::none);
    ASSERT_EQ(loop.adopt(passive, accepted.op), error::none);
    loop.close(l);
  }

  // Sends all of a text, however short the sends.
  void send_all(stream& s, std::string_view text) {
    send_op sent;
    while (!text.empty()) {
      const_span const span{text.data(), text.size()};
      loop.send(s, sent.op, {&span, 1});
      run_until_done(sent);
      ASSERT_EQ(sent.result(), error::none);
      text.remove_prefix(sent.transferred());
    }
  }

  // Waits for bytes of which none come.
  void receive_and_cancel(stream& s) {
    receive_op received;
    buffer b;
    loop.receive(s, received.op, b);
    turn(1);
    loop.cancel(received.op);
    run_until_done(received);
    ASSERT_EQ(received.result(), error::canceled);
  }

  // Receives until `size` bytes have come.
  std::string receive_exactly(stream& s, std::size_t size) {
    std::string text;
    buffer b;
    receive_op received;
    while (text.size() < size) {
      loop.receive(s, received.op, b);
      run_until_done(received);
      EXPECT_EQ(received.result(), error::none);
      if (received.result() != error::none || received.transferred() == 0) break;
      text += take(b);
    }
    release(b);
    return text;
  }

  // Reads out what a buffer holds; its consumed pages go back to the pool.
  std::string take(buffer& b) {
    std::string text;
    for (auto run = b.pages_begin(); run != b.pages_end(); ++run) {
      text.append((*run).data, (*run).size);
    }
    b.commit_read(b.size());
    while (page* const p = b.pop_consumed()) pool.release(p);
    return text;
  }
  void release(buffer& b) {
    while (page* const p = b.pop()) pool.release(p);
  }

  std::string pattern(std::size_t size) {
    std::string text(size, '\0');
    unsigned n = 1;
    for (char& c : text) c = static_cast<char>((n = n * 1103515245 + 12345) >> 16);
    return text;
  }

  void open_root() {
    error e = error::other;
    loop.open(root, files.root(), e);
    ASSERT_EQ(e, error::none);
    root_is_open_ = true;
  }
  // Opens, expects success.
  void open_file(typename proactor::file& f, std::string_view path,
                 io::file_mode mode = io::file_mode::buffered) {
    open_op opened;
    loop.open(root, opened.op, path, mode);
    run_until_done(opened);
    ASSERT_EQ(opened.result(), error::none);
    loop.adopt(f, opened.op);
  }
  // Opens, closes again; what it came to.
  error try_open(std::string_view path, io::file_status* status = nullptr) {
    open_op opened;
    loop.open(root, opened.op, path);
    run_until_done(opened);
    if (opened.result() == error::none) {
      if (status != nullptr) *status = opened.op.status();
      loop.discard(opened.op);
    }
    return opened.result();
  }

 protected:
  // A machine may forbid a back end, as containers forbid io_uring.
  void SetUp() override {
    bool const forbidden = back_end_.e == error::unsupported || back_end_.e == error::access_denied;
    if (forbidden) GTEST_SKIP() << proactor::name << " is not allowed on this machine";
    ASSERT_EQ(back_end_.e, error::none);
  }

  explicit contract(io::options o) : pool(16u << 20), back_end_((o.pool = &pool, o)) {}

  // Connects `client` and `server`, which the fixture closes.
  void connect() { connect_pair(client, server); }
  void close_all() {
    if (client.is_open()) loop.close(client);
    if (server.is_open()) loop.close(server);
    if (root_is_open_) loop.close(root);
  }

 private:
  struct made {
    explicit made(io::options const& o) : end(files, o, e) {}
    typename BackEnd::world files;
    error e = error::other;
    BackEnd end;
  };

 public:
  page_pool pool;

 private:
  made back_end_;

 public:
  typename BackEnd::world& files = back_end_.files;
  proactor& loop = back_end_.end.p;
  stream client;
  stream server;
  typename proactor::directory root;
  timer_op watchdog;

 private:
  bool root_is_open_ = false;
};

}  // namespace quire::test
