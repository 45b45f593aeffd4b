// Listeners on completion ports: several loops on one address, connections before anybody asks for
// them, and what the system still has when a listener is closed.
#include <quire/buffer/page_pool.hpp>
#include <quire/io/iocp/proactor.hpp>

#include <gtest/gtest.h>

#include <array>
#include <functional>
#include <memory>
#include <thread>
#include <vector>

namespace quire::io::iocp {
namespace {

struct accepting {
  accepting() { op.bind<&accepting::complete>(this); }
  ~accepting() { EXPECT_TRUE(op.idle()); }
  void complete() noexcept { ++completions; }
  bool done() const { return completions != 0; }
  accept_operation op;
  int completions = 0;
};

struct connecting {
  connecting() { op.bind<&connecting::complete>(this); }
  void complete() noexcept { ++completions; }
  connect_operation op;
  stream s;
  int completions = 0;
};

// A loop that listens, with some accepts that wait.
struct loop {
  explicit loop(strict_mode const& strict = {}) : p({.pool = &pool}, strict, e) {
    EXPECT_EQ(e, error::none);
  }
  void accept(std::size_t count) {
    for (std::size_t i = 0; i != count; ++i) {
      accepts.push_back(std::make_unique<accepting>());
      p.accept(l, accepts.back()->op);
    }
  }
  std::size_t accepted() const {
    std::size_t n = 0;
    for (auto const& a : accepts) n += a->done() && a->op.result() == error::none;
    return n;
  }
  // Those that still wait are cancelled; the connections are closed.
  void end() {
    for (auto const& a : accepts) p.cancel(a->op);
    for (auto const& a : accepts) {
      while (!a->op.idle()) p.run_once(wait::yes);
      EXPECT_EQ(a->completions, 1);
      if (a->op.result() == error::none) p.discard(a->op);
    }
    accepts.clear();
    if (l.is_open()) p.close(l);
  }

  page_pool pool{4u << 20};
  error e = error::other;
  proactor p;
  listener l;
  std::vector<std::unique_ptr<accepting>> accepts;
};

endpoint loopback() {
  endpoint e;
  e.address = {127, 0, 0, 1};
  return e;
}

listen_options shared() {
  listen_options o;
  o.reuse_port = true;
  return o;
}

// Clients on a loop of their own.
class clients {
 public:
  ~clients() {
    for (auto const& c : all_) {
      if (c->s.is_open()) loop_.p.close(c->s);
    }
  }
  error connect(endpoint const& where) {
    all_.push_back(std::make_unique<connecting>());
    connecting& c = *all_.back();
    loop_.p.connect(c.s, where, c.op);
    while (c.completions == 0) loop_.p.run_once(wait::yes);
    return c.op.result();
  }
  void connect(endpoint const& where, std::size_t count) {
    for (std::size_t i = 0; i != count; ++i) ASSERT_EQ(connect(where), error::none);
  }

 private:
  loop loop_;
  std::vector<std::unique_ptr<connecting>> all_;
};

TEST(shared_listeners, give_each_loop_that_waits_its_turn) {
  std::array<loop, 3> loops;
  endpoint where = loopback();
  for (loop& l : loops) {
    ASSERT_EQ(l.p.listen(l.l, where, shared()), error::none);
    where = l.p.local_endpoint(l.l);
    l.accept(5);
  }
  clients c;
  c.connect(where, 9);
  for (loop& l : loops) {
    while (l.accepted() < 3) l.p.run_once(wait::yes);
  }
  // A loop that asks for nothing keeps no connection from those that do.
  for (auto const& a : loops[1].accepts) loops[1].p.cancel(a->op);
  c.connect(where, 4);
  while (loops[0].accepted() < 5) loops[0].p.run_once(wait::yes);
  while (loops[2].accepted() < 5) loops[2].p.run_once(wait::yes);
  loops[1].p.run_once(wait::no);
  EXPECT_EQ(loops[1].accepted(), 3u);
  for (loop& l : loops) l.end();
}

TEST(shared_listeners, outlive_the_one_that_was_first) {
  auto first = std::make_unique<loop>();
  loop second;
  ASSERT_EQ(first->p.listen(first->l, loopback(), shared()), error::none);
  endpoint const where = first->p.local_endpoint(first->l);
  ASSERT_EQ(second.p.listen(second.l, where, shared()), error::none);
  first->accept(3);
  first->end();
  first.reset();
  clients c;
  c.connect(where, 3);  // Nobody asks for them yet.
  second.accept(3);
  while (second.accepted() != 3) second.p.run_once(wait::yes);
  second.end();
  // The last one has gone: nobody listens, and anybody may.
  EXPECT_EQ(c.connect(where), error::connection_refused);
  loop third;
  EXPECT_EQ(third.p.listen(third.l, where, {}), error::none);
  third.end();
}

TEST(shared_listeners, share_with_nobody_who_listens_alone) {
  loop a, b;
  ASSERT_EQ(a.p.listen(a.l, loopback(), {}), error::none);
  EXPECT_EQ(b.p.listen(b.l, a.p.local_endpoint(a.l), shared()), error::address_in_use);
  a.end();
}

// Each loop on a thread of its own, and connections that come and go.
TEST(shared_listeners, serve_loops_on_threads) {
  constexpr std::size_t threads = 3, each = 20;
  loop first;
  ASSERT_EQ(first.p.listen(first.l, loopback(), shared()), error::none);
  endpoint const where = first.p.local_endpoint(first.l);
  std::array<std::size_t, threads> accepted{};
  std::vector<std::thread> running;
  for (std::size_t t = 0; t != threads; ++t) {
    running.emplace_back([&, t] {
      loop mine({.on = true, .seed = t});
      ASSERT_EQ(mine.p.listen(mine.l, where, shared()), error::none);
      mine.accept(each);
      while (mine.accepted() != each) mine.p.run_once(wait::yes);
      accepted[t] = mine.accepted();
      mine.end();
    });
  }
  clients c;
  c.connect(where, threads * each);
  for (std::thread& t : running) t.join();
  for (std::size_t const n : accepted) EXPECT_EQ(n, each);
  first.end();
}

class listener_fixture : public ::testing::TestWithParam<bool> {
 protected:
  listen_options how() const { return GetParam() ? shared() : listen_options{}; }
};
INSTANTIATE_TEST_SUITE_P(alone_and_shared, listener_fixture, ::testing::Bool());

// More than the system accepts ahead.
TEST_P(listener_fixture, connections_wait_until_they_are_asked_for) {
  loop server;
  ASSERT_EQ(server.p.listen(server.l, loopback(), how()), error::none);
  clients c;
  c.connect(server.p.local_endpoint(server.l), 40);
  server.p.run_once(wait::no);
  server.accept(40);
  while (server.accepted() != 40) server.p.run_once(wait::yes);
  for (auto const& a : server.accepts) EXPECT_NE(a->op.peer().port, 0);
  server.end();
}

// The requests that were outstanding end after their listener: their packets are for nobody.
TEST_P(listener_fixture, late_packets_of_a_closed_listener_go_to_nobody) {
  loop server;
  for (std::size_t i = 0; i != 20; ++i) {
    ASSERT_EQ(server.p.listen(server.l, loopback(), how()), error::none);
    clients c;
    c.connect(server.p.local_endpoint(server.l), i % 3);
    server.accept(i % 2);
    if (i % 4 == 0) server.p.run_once(wait::no);
    server.end();
  }
  // What listens now hears of its own connections only.
  ASSERT_EQ(server.p.listen(server.l, loopback(), how()), error::none);
  server.accept(2);
  for (int i = 0; i != 5; ++i) server.p.run_once(wait::no);
  EXPECT_EQ(server.accepted(), 0u);
  clients c;
  c.connect(server.p.local_endpoint(server.l), 1);
  while (server.accepted() == 0) server.p.run_once(wait::yes);
  EXPECT_EQ(server.accepted(), 1u);
  server.end();
}

TEST_P(listener_fixture, a_loop_may_end_right_after_its_listener) {
  for (int i = 0; i != 10; ++i) {
    loop server;
    ASSERT_EQ(server.p.listen(server.l, loopback(), how()), error::none);
    server.end();
  }
}

}  // namespace
}  // namespace quire::io::iocp
