// The contract: clause 14.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/contract_fixture.hpp"

#include <algorithm>
#include <random>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
using contract_timers = contract<BackEnd>;
TYPED_TEST_SUITE(contract_timers, back_ends, back_end_name);

TYPED_TEST(contract_timers, contract_14_never_early) {
  for (io::instant const delay : {0ns, 1ns, 999999ns, 1000001ns, 2500000ns, 20000000ns}) {
    typename TestFixture::timer_op fired;
    io::instant const deadline = this->loop.now() + delay;
    this->loop.schedule(fired.op, deadline);
    while (!fired.done()) this->loop.run_once(wait::yes);
    EXPECT_GE(this->loop.now(), deadline);
    EXPECT_EQ(fired.result(), error::none);
  }
}

TYPED_TEST(contract_timers, contract_14_a_hundred_thousand_fire_in_order_and_allocate_nothing) {
  constexpr std::size_t count = 100000;
  std::vector<typename TestFixture::timer_op> timers(count);
  std::vector<io::instant> deadlines(count);
  std::vector<io::instant> fired;
  fired.reserve(count);
  std::mt19937 random(1);
  std::uniform_int_distribution<std::int64_t> within(0, 50'000'000);
  io::instant const start = this->loop.now();
  for (std::size_t i = 0; i != count; ++i) {
    deadlines[i] = start + io::instant(within(random));
    timers[i].then = [&, i] {
      EXPECT_LE(deadlines[i], this->loop.now());
      fired.push_back(deadlines[i]);
    };
  }
  std::size_t const before = allocations();
  for (std::size_t i = 0; i != count; ++i) this->loop.schedule(timers[i].op, deadlines[i]);
  while (fired.size() != count) this->loop.run_once(wait::yes);
  EXPECT_EQ(allocations(), before);
  EXPECT_TRUE(std::is_sorted(fired.begin(), fired.end()));
}

TYPED_TEST(contract_timers, contract_14_scheduling_again_moves_the_deadline_both_ways) {
  std::vector<typename TestFixture::timer_op> timers(1000);
  std::vector<std::size_t> order;
  io::instant const start = this->loop.now();
  auto const deadline = [&](std::size_t i) {
    return start + io::instant(1000) * ((i * 7919) % 1000);
  };
  for (std::size_t i = 0; i != timers.size(); ++i) {
    timers[i].then = [&, i] { order.push_back(i); };
    this->loop.schedule(timers[i].op, start + (i % 2 == 0 ? 1h : 1us));
  }
  for (std::size_t i = 0; i != timers.size(); ++i) this->loop.schedule(timers[i].op, deadline(i));
  while (order.size() != timers.size()) this->loop.run_once(wait::yes);
  EXPECT_TRUE(std::is_sorted(order.begin(), order.end(), [&](std::size_t x, std::size_t y) {
    return deadline(x) < deadline(y);
  }));
  for (auto const& t : timers) EXPECT_EQ(t.completions, 1);
}

TYPED_TEST(contract_timers, contract_14_a_timer_renewed_before_it_fires_does_not_fire) {
  typename TestFixture::timer_op renewed, ticking;
  int ticks = 0;
  io::instant last{};
  ticking.then = [&] {
    last = this->loop.now();
    this->loop.schedule(renewed.op, last + 50ms);
    if (++ticks != 20) this->loop.schedule(ticking.op, last + 1ms);
  };
  this->loop.schedule(renewed.op, this->loop.now() + 50ms);
  this->loop.schedule(ticking.op, this->loop.now());
  while (!renewed.done()) this->loop.run_once(wait::yes);
  EXPECT_EQ(ticks, 20);
  EXPECT_GE(this->loop.now(), last + 50ms);
}

// An earlier completion of the same turn may still move or cancel what has expired.
TYPED_TEST(contract_timers, contract_14_an_expired_timer_may_be_moved_before_it_is_delivered) {
  typename TestFixture::timer_op first, second, third;
  io::instant const start = this->loop.now();
  first.then = [&] {
    this->loop.schedule(second.op, this->loop.now() + 5ms);
    this->loop.cancel(third.op);
  };
  this->loop.schedule(first.op, start + 1us);
  this->loop.schedule(second.op, start + 2us);
  this->loop.schedule(third.op, start + 3us);
  this->run_until([&] { return second.done() && third.done(); });
  EXPECT_GE(this->loop.now(), start + 5ms);
  EXPECT_EQ(second.result(), error::none);
  EXPECT_EQ(third.result(), error::canceled);
  EXPECT_EQ(third.completions, 1);
}

TYPED_TEST(contract_timers, contract_14_cancel_at_random) {
  constexpr std::size_t count = 5000;
  std::vector<typename TestFixture::timer_op> timers(count);
  std::mt19937 random(2);
  for (auto& t : timers) {
    this->loop.schedule(t.op, this->loop.now() + io::instant(random() % 10'000'000));
  }
  std::size_t canceled = 0;
  for (std::size_t i = 0; i != count; ++i) {
    if (random() % 2 == 0) this->loop.cancel(timers[i].op);
    if (i % 100 == 0) this->loop.run_once(wait::no);
  }
  this->run_until(
      [&] { return std::all_of(timers.begin(), timers.end(), [](auto& t) { return t.done(); }); });
  for (auto const& t : timers) {
    EXPECT_EQ(t.completions, 1);
    canceled += t.result() == error::canceled;
  }
  EXPECT_GT(canceled, count / 4);
}

TYPED_TEST(contract_timers, contract_14_the_clock_stands_still_within_a_turn) {
  typename TestFixture::timer_op first, second;
  io::instant seen_first{}, seen_second{};
  first.then = [&] { seen_first = this->loop.now(); };
  second.then = [&] { seen_second = this->loop.now(); };
  this->loop.schedule(first.op, io::instant::zero());
  this->loop.schedule(second.op, io::instant::zero());
  this->loop.run_once(wait::no);
  EXPECT_TRUE(first.done() && second.done());
  EXPECT_EQ(seen_first, seen_second);
}

}  // namespace
}  // namespace quire::test
