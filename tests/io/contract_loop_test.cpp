// The contract: clauses about the loop as a whole. 1 to 4, 6, 7, 12, 15, 16, 18.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/contract_fixture.hpp"

#include <algorithm>
#include <array>
#include <set>
#include <thread>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
using contract_loop = contract<BackEnd>;
TYPED_TEST_SUITE(contract_loop, back_ends, back_end_name);

TYPED_TEST(contract_loop, contract_01_each_submission_completes_exactly_once) {
  this->connect();
  this->open_root();
  this->files.make_file("f", "text");
  typename TestFixture::proactor::file f;
  this->open_file(f, "f");

  typename TestFixture::receive_op received;
  typename TestFixture::send_op sent;
  typename TestFixture::open_op opened;
  typename TestFixture::read_op read;
  typename TestFixture::timer_op fired;
  typename TestFixture::posted_op posted;
  buffer b;
  const_span const hello{"hello", 5};
  std::array<char, 16> memory;
  mutable_span const space{memory.data(), memory.size()};
  this->loop.receive(this->server, received.op, b);
  this->loop.send(this->client, sent.op, {&hello, 1});
  this->loop.open(this->root, opened.op, "f");
  this->loop.read(f, read.op, 0, {&space, 1});
  this->loop.schedule(fired.op, this->loop.now());
  this->loop.post(posted.op);
  this->run_until([&] {
    return received.done() && sent.done() && opened.done() && read.done() && fired.done() &&
           posted.done();
  });
  this->turn();
  EXPECT_EQ(received.completions, 1);
  EXPECT_EQ(sent.completions, 1);
  EXPECT_EQ(opened.completions, 1);
  EXPECT_EQ(read.completions, 1);
  EXPECT_EQ(fired.completions, 1);
  EXPECT_EQ(posted.completions, 1);
  EXPECT_EQ(this->take(b), "hello");
  EXPECT_EQ(std::string_view(memory.data(), read.transferred()), "text");
  this->release(b);
  this->loop.discard(opened.op);
  this->loop.close(f);
}

TYPED_TEST(contract_loop, contract_01_once_after_an_error_and_after_two_cancels) {
  // A port where nobody listens any more.
  typename TestFixture::proactor::listener l;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  io::endpoint const nowhere = this->loop.local_endpoint(l);
  this->loop.close(l);
  typename TestFixture::connect_op connected;
  this->loop.connect(this->client, nowhere, connected.op);
  this->run_until_done(connected);
  EXPECT_EQ(connected.result(), error::connection_refused);
  EXPECT_FALSE(this->client.is_open());

  this->connect();
  typename TestFixture::receive_op received;
  buffer b;
  this->loop.receive(this->client, received.op, b);
  this->loop.cancel(received.op);
  this->loop.cancel(received.op);
  this->run_until_done(received);
  this->turn();
  EXPECT_EQ(received.completions, 1);
  EXPECT_EQ(connected.completions, 1);
  EXPECT_EQ(received.result(), error::canceled);
}

TYPED_TEST(contract_loop, contract_02_nothing_completes_inside_the_submitting_call) {
  this->connect();
  this->open_root();
  this->files.make_file("f", "text");
  typename TestFixture::send_op sent;
  typename TestFixture::open_op opened;
  typename TestFixture::timer_op fired;
  typename TestFixture::posted_op posted;
  const_span const span{"x", 1};
  this->loop.send(this->client, sent.op, {&span, 1});
  this->loop.open(this->root, opened.op, "f");
  this->loop.schedule(fired.op, io::instant::zero());
  this->loop.post(posted.op);
  EXPECT_FALSE(sent.done() || opened.done() || fired.done() || posted.done());
  EXPECT_FALSE(sent.op.idle() || opened.op.idle() || fired.op.idle() || posted.op.idle());
  this->loop.cancel(fired.op);
  EXPECT_FALSE(fired.done());
  this->run_until([&] { return sent.done() && opened.done() && fired.done() && posted.done(); });
  this->loop.discard(opened.op);
}

TYPED_TEST(contract_loop, contract_02_a_completion_that_submits_does_not_recurse) {
  this->connect();
  typename TestFixture::send_op sent;
  int depth = 0, depth_max = 0, left = 10000;
  sent.then = [&] {
    depth_max = std::max(depth_max, ++depth);
    if (--left > 0) this->loop.send(this->client, sent.op, {});
    --depth;
  };
  this->loop.send(this->client, sent.op, {});
  this->run_until([&] { return left == 0; });
  EXPECT_EQ(depth_max, 1);
}

TYPED_TEST(contract_loop, contract_03_what_finishes_at_once_is_delivered_in_the_same_turn) {
  this->connect();
  typename TestFixture::send_op sent;
  const_span const span{"x", 1};
  this->loop.send(this->client, sent.op, {&span, 1});
  this->loop.run_once(wait::no);
  EXPECT_TRUE(sent.done());
}

TYPED_TEST(contract_loop, contract_04_a_turn_delivers_a_bounded_number) {
  std::vector<typename TestFixture::timer_op> timers(2000);
  std::vector<typename TestFixture::posted_op> posts(2000);
  for (auto& t : timers) this->loop.schedule(t.op, io::instant::zero());
  for (auto& p : posts) this->loop.post(p.op);
  std::size_t delivered = 0;
  while (delivered != 4000) {
    std::size_t const now = this->loop.run_once(wait::yes);
    ASSERT_LE(now, io::deliveries_max);
    delivered += now;
  }
}

TYPED_TEST(contract_loop, contract_04_who_never_stops_starves_nobody) {
  this->connect();
  bool stop = false;
  // A send and a timer that start again in each completion, for ever.
  typename TestFixture::send_op busy;
  busy.then = [&] {
    if (!stop) this->loop.send(this->client, busy.op, {});
  };
  typename TestFixture::timer_op impatient;
  impatient.then = [&] {
    if (!stop) this->loop.schedule(impatient.op, io::instant::zero());
  };
  this->loop.send(this->client, busy.op, {});
  this->loop.schedule(impatient.op, io::instant::zero());

  typename TestFixture::stream c, d;
  this->connect_pair(c, d);
  typename TestFixture::receive_op received;
  typename TestFixture::timer_op fired;
  buffer b;
  this->loop.receive(d, received.op, b);
  this->loop.schedule(fired.op, this->loop.now() + 1ms);
  this->send_all(c, "hello");
  this->run_until([&] { return received.done() && fired.done(); });
  EXPECT_EQ(this->take(b), "hello");
  EXPECT_GT(busy.completions, 1);
  EXPECT_GT(impatient.completions, 1);
  stop = true;
  this->run_until([&] { return busy.op.idle() && impatient.op.idle(); });
  this->release(b);
  this->loop.close(c);
  this->loop.close(d);
}

TYPED_TEST(contract_loop, contract_04_first_in_first_out) {
  std::vector<typename TestFixture::posted_op> posts(500);
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i != posts.size(); ++i) posts[i].then = [&, i] { order.push_back(i); };
  for (auto& p : posts) this->loop.post(p.op);
  this->run_until([&] { return order.size() == posts.size(); });
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
}

// Reads that start again in each completion, of a file that lies in memory by then.
TYPED_TEST(contract_loop, contract_04_large_transfers_have_a_bounded_share_of_a_turn) {
  constexpr std::size_t size = std::size_t{64} << 10;
  this->open_root();
  this->files.make_file("f", this->pattern(size));
  typename TestFixture::proactor::file f;
  this->open_file(f, "f");
  std::array<typename TestFixture::read_op, 8> reads;
  std::string text(size, '\0');
  mutable_span const span{text.data(), text.size()};
  std::size_t moved = 0;
  int left = 1000;
  for (auto& r : reads) {
    r.then = [&] {
      moved += r.transferred();
      if (--left > 0) this->loop.read(f, r.op, 0, {&span, 1});
    };
    this->loop.read(f, r.op, 0, {&span, 1});
  }
  auto const done = [&] { return std::ranges::all_of(reads, [](auto& r) { return r.op.idle(); }); };
  while (!done()) {
    moved = 0;
    this->loop.run_once(wait::yes);
    ASSERT_LT(moved, io::large_transfers_max + size);
  }
  this->loop.close(f);
}

TYPED_TEST(contract_loop, contract_06_the_owner_may_submit_again_from_the_completion) {
  this->connect();
  typename TestFixture::send_op sent;
  typename TestFixture::timer_op fired;
  const_span const span{"x", 1};
  sent.then = [&] {
    if (sent.completions < 100) this->loop.send(this->client, sent.op, {&span, 1});
  };
  fired.then = [&] {
    if (fired.completions < 100) this->loop.schedule(fired.op, this->loop.now());
  };
  this->loop.send(this->client, sent.op, {&span, 1});
  this->loop.schedule(fired.op, this->loop.now());
  this->run_until([&] { return sent.completions == 100 && fired.completions == 100; });
  EXPECT_TRUE(sent.idle_at_completion);
  EXPECT_TRUE(fired.idle_at_completion);
  EXPECT_EQ(this->receive_exactly(this->server, 100), std::string(100, 'x'));
}

// The address and the undefined-behaviour sanitizer watch what is touched after the owner is gone.
TYPED_TEST(contract_loop, contract_06_the_owner_may_destroy_it_in_the_completion) {
  this->connect();
  int destroyed = 0;
  auto const self_destroying = [&](auto* r) {
    r->then = [r, &destroyed] {
      auto* const self = r;
      int& count = destroyed;
      auto const keep = std::move(self->then);  // This very function outlives its owner.
      delete self;
      ++count;
    };
    return r;
  };
  buffer received;
  const_span const span{"x", 1};
  this->loop.send(this->client, self_destroying(new typename TestFixture::send_op)->op, {&span, 1});
  this->loop.receive(this->server, self_destroying(new typename TestFixture::receive_op)->op,
                     received);
  this->loop.schedule(self_destroying(new typename TestFixture::timer_op)->op, this->loop.now());
  this->loop.post(self_destroying(new typename TestFixture::posted_op)->op);
  auto* const canceled = self_destroying(new typename TestFixture::timer_op);
  this->loop.schedule(canceled->op, this->loop.now() + 1h);
  this->loop.cancel(canceled->op);
  this->run_until([&] { return destroyed == 5; });
  this->release(received);
}

TYPED_TEST(contract_loop, contract_07_operations_and_streams_cannot_be_moved) {
  EXPECT_FALSE(std::is_move_constructible_v<typename TestFixture::proactor::receive_operation>);
  EXPECT_FALSE(std::is_move_constructible_v<typename TestFixture::proactor::timer>);
  EXPECT_FALSE(std::is_move_constructible_v<typename TestFixture::proactor::stream>);
  EXPECT_FALSE(std::is_move_constructible_v<typename TestFixture::proactor::listener>);
  EXPECT_FALSE(std::is_move_constructible_v<typename TestFixture::proactor::file>);
}

TYPED_TEST(contract_loop, contract_12_errors_have_names_and_messages) {
  std::set<std::string_view> names;
  for (int i = 0; i <= static_cast<int>(error::other); ++i) {
    auto const e = static_cast<error>(i);
    EXPECT_FALSE(io::message(e).empty());
    names.insert(io::name(e));
  }
  EXPECT_EQ(names.size(), static_cast<std::size_t>(error::other) + 1);
  EXPECT_EQ(io::name(error::access_denied), "access_denied");
  EXPECT_EQ(io::name(error::other), "other");
}

TYPED_TEST(contract_loop, contract_12_a_port_in_use_is_address_in_use) {
  typename TestFixture::proactor::listener l, second;
  ASSERT_EQ(this->loop.listen(l, this->loopback(), {}), error::none);
  EXPECT_EQ(this->loop.listen(second, this->loop.local_endpoint(l), {}), error::address_in_use);
  EXPECT_FALSE(second.is_open());
  this->loop.close(l);
}

TYPED_TEST(contract_loop, contract_12_a_shared_port_is_shared_unless_a_listener_wants_to_be_sole) {
  typename TestFixture::proactor::listener first, second, sole;
  io::listen_options shared;
  shared.reuse_port = true;
  ASSERT_EQ(this->loop.listen(first, this->loopback(), shared), error::none);
  io::endpoint const where = this->loop.local_endpoint(first);
  EXPECT_EQ(this->loop.listen(second, where, shared), error::none);
  shared.sole = true;
  EXPECT_EQ(this->loop.listen(sole, where, shared), error::address_in_use);
  this->loop.close(first);
  this->loop.close(second);
}

TYPED_TEST(contract_loop, contract_15_post_wakes_a_waiting_loop) {
  typename TestFixture::posted_op posted;
  for (int i = 0; i != 100; ++i) {
    std::thread other([&] { this->loop.post(posted.op); });
    // No timer: only the post can end the wait.
    while (posted.completions != i + 1) this->loop.run_once(wait::yes);
    other.join();
  }
}

TYPED_TEST(contract_loop, contract_15_posts_of_a_thread_arrive_in_order) {
  constexpr std::size_t threads = 4, each = 2500;
  struct source {
    std::vector<typename TestFixture::posted_op> posts{each};
    std::size_t arrived = 0;
    bool in_order = true;
  };
  std::array<source, threads> sources;
  std::size_t arrived = 0;
  for (source& s : sources) {
    for (std::size_t i = 0; i != each; ++i) {
      s.posts[i].then = [&s, &arrived, i] {
        s.in_order &= s.arrived++ == i;
        ++arrived;
      };
    }
  }
  std::vector<std::thread> running;
  for (source& s : sources) {
    running.emplace_back([&] {
      for (auto& p : s.posts) this->loop.post(p.op);
    });
  }
  while (arrived != threads * each) this->loop.run_once(wait::yes);
  for (std::thread& t : running) t.join();
  for (source const& s : sources) EXPECT_TRUE(s.in_order);
}

TYPED_TEST(contract_loop, contract_16_the_steady_state_allocates_nothing) {
  this->connect();
  this->open_root();
  this->files.make_file("f", std::string(10000, 'f'));
  typename TestFixture::receive_op received;
  typename TestFixture::send_op sent;
  typename TestFixture::open_op opened;
  typename TestFixture::read_op read;
  typename TestFixture::timer_op fired;
  typename TestFixture::posted_op posted;
  std::array<char, 10000> memory;
  mutable_span const space{memory.data(), memory.size()};
  const_span const request{"request", 7};
  buffer b;
  auto const round = [&] {
    this->loop.receive(this->server, received.op, b);
    this->loop.send(this->client, sent.op, {&request, 1});
    this->loop.open(this->root, opened.op, "f");
    this->loop.schedule(fired.op, this->loop.now() + 10us);
    this->loop.post(posted.op);
    this->run_until([&] {
      return received.op.idle() && sent.op.idle() && opened.op.idle() && fired.op.idle() &&
             posted.op.idle();
    });
    typename TestFixture::proactor::file f;
    this->loop.adopt(f, opened.op);
    this->loop.read(f, read.op, 0, {&space, 1});
    this->run_until([&] { return read.op.idle(); });
    this->loop.close(f);
    b.commit_read(b.size());
    while (page* const p = b.pop()) this->pool.release(p);
  };
  round();
  std::size_t const before = allocations();
  for (int i = 0; i != 200; ++i) round();
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(read.transferred(), 10000u);
}

}  // namespace
}  // namespace quire::test
