#include <quire/io/blocking_pool.hpp>
#include <quire/io/post_queue.hpp>
#include <quire/io/semaphore.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

namespace quire::io {
namespace {

struct call : blocking_call {
  call() { bind<&call::completed>(this); }
  void completed() noexcept { ++completions; }
  int completions = 0;
  std::atomic<int> runs = 0;
  std::atomic<int>* running = nullptr;
  std::atomic<int>* running_max = nullptr;
  semaphore* gate = nullptr;
};

void run(blocking_call& c) noexcept {
  auto& self = static_cast<call&>(c);
  ++self.runs;
  int const now = ++*self.running;
  for (int before = *self.running_max; before < now;) {
    if (self.running_max->compare_exchange_weak(before, now)) break;
  }
  if (self.gate != nullptr) self.gate->acquire();
  --*self.running;
  operation_access::finish(self, error::none, 7);
}

struct blocking_pool_fixture : ::testing::Test {
  ~blocking_pool_fixture() override { pool.stop(); }
  void submit(call& c) {
    c.running = &running;
    c.running_max = &running_max;
    operation_access::submit(c);
    pool.submit(c, run);
  }
  // As a loop does: hands over, waits for a wake, takes what has come back, delivers.
  void turn() {
    pool.start();
    woken.acquire();
    came_back.take(ready);
    ready.deliver(1000);
  }
  void hand_back(operation& op) noexcept {
    if (came_back.push(op)) woken.release();
  }
  semaphore woken;
  post_queue came_back;
  ready_list ready;
  std::atomic<int> running = 0, running_max = 0;
  blocking_pool pool{[](void* self, operation& op) noexcept {
                       static_cast<blocking_pool_fixture*>(self)->hand_back(op);
                     },
                     this};
};

TEST_F(blocking_pool_fixture, carries_out_each_call_once) {
  ASSERT_EQ(pool.open(3, 5), error::none);
  std::vector<call> calls(100);
  for (call& c : calls) submit(c);
  auto const all_done = [&] {
    return std::all_of(calls.begin(), calls.end(),
                       [](call const& c) { return c.completions == 1; });
  };
  while (!all_done()) turn();
  for (call const& c : calls) {
    EXPECT_EQ(c.runs, 1);
    EXPECT_EQ(c.transferred(), 7u);
  }
  EXPECT_LE(running_max, 3);
}

TEST_F(blocking_pool_fixture, cancels_what_waits_and_what_is_handed_over_but_not_what_runs) {
  ASSERT_EQ(pool.open(1, 2), error::none);
  // Several rounds: a ticket that did not come back would be missing in the next.
  for (int round = 0; round != 3; ++round) {
    semaphore gate;
    std::vector<call> calls(3);
    for (call& c : calls) c.gate = &gate;
    for (call& c : calls) submit(c);
    pool.start();
    while (running == 0) std::this_thread::yield();
    EXPECT_FALSE(pool.cancel(calls[0]));  // Runs.
    EXPECT_TRUE(pool.cancel(calls[1]));   // With the threads.
    EXPECT_TRUE(pool.cancel(calls[2]));   // Waits for a ticket.
    ready.finish(calls[1], error::canceled);
    ready.finish(calls[2], error::canceled);
    gate.release();
    turn();
    EXPECT_EQ(calls[0].runs, 1);
    EXPECT_EQ(calls[1].runs, 0);
    EXPECT_EQ(calls[2].runs, 0);
  }
}

TEST_F(blocking_pool_fixture, a_cancelled_call_gives_its_ticket_back_at_once) {
  ASSERT_EQ(pool.open(1, 2), error::none);
  semaphore gate;
  call runs, canceled, last;
  runs.gate = &gate;
  submit(runs);
  submit(canceled);
  pool.start();  // No ticket is left.
  while (running == 0) std::this_thread::yield();
  ASSERT_TRUE(pool.cancel(canceled));
  ready.finish(canceled, error::canceled);
  submit(last);
  pool.start();
  gate.release();
  // Two outcomes, though that of the first was not taken.
  while (last.runs == 0) std::this_thread::yield();
  while (last.completions == 0) turn();
  EXPECT_EQ(runs.completions, 1);
  EXPECT_EQ(canceled.runs, 0);
}

TEST_F(blocking_pool_fixture, hands_over_no_more_than_there_are_tickets) {
  ASSERT_EQ(pool.open(8, 2), error::none);
  semaphore gate;
  std::vector<call> calls(20);
  for (call& c : calls) c.gate = &gate;
  for (call& c : calls) submit(c);
  for (std::size_t done = 0; done != calls.size();) {
    gate.release();
    turn();
    done = static_cast<std::size_t>(std::count_if(
        calls.begin(), calls.end(), [](call const& c) { return c.completions == 1; }));
  }
  EXPECT_LE(running_max, 2);
}

// A loop that waits for the lock of a thread which runs when nobody else wants to would wait for
// everybody.
TEST(blocking_pool, keeps_no_lock_while_a_call_is_given_back) {
  struct slow_return {
    void hand_back() {
      began.release();
      ends.acquire();
    }
    semaphore began, ends;
  } back;
  blocking_pool pool{[](void* self, operation&) noexcept {
                       static_cast<slow_return*>(self)->hand_back();
                     },
                     &back};
  ASSERT_EQ(pool.open(1, 2), error::none);
  std::atomic<int> running = 0, running_max = 0;
  std::vector<call> calls(2);
  for (call& c : calls) {
    c.running = &running;
    c.running_max = &running_max;
    operation_access::submit(c);
  }
  pool.submit(calls[0], run);
  pool.start();
  back.began.acquire();
  pool.submit(calls[1], run);
  pool.start();
  EXPECT_TRUE(pool.cancel(calls[1]));
  back.ends.release();
  pool.stop();
  EXPECT_EQ(calls[0].runs, 1);
  EXPECT_EQ(calls[1].runs, 0);
}

}  // namespace
}  // namespace quire::io
