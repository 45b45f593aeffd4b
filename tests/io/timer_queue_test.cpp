#include <quire/io/timer_queue.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <optional>
#include <random>
#include <vector>

namespace quire::io {
namespace {

struct owner {
  owner() { t.bind<&owner::fired>(this); }
  void fired() noexcept {}
  timer t;
  std::optional<instant> deadline;  // What the reference says.
};

// Takes out all that is due, in the queue and in the reference.
void expect_same_expiry(timer_queue& queue, std::vector<owner>& owners, instant now) {
  std::vector<instant> due, fired;
  for (owner const& o : owners) {
    if (o.deadline && *o.deadline <= now) due.push_back(*o.deadline);
  }
  std::sort(due.begin(), due.end());
  while (timer* const t = queue.pop_expired(now)) {
    operation_access::deliver(*t);
    auto const o =
        std::find_if(owners.begin(), owners.end(), [&](owner const& x) { return &x.t == t; });
    ASSERT_TRUE(o->deadline);
    fired.push_back(*o->deadline);
    o->deadline.reset();
  }
  ASSERT_EQ(fired, due);
}

TEST(timer_queue, does_what_a_slow_reference_does) {
  for (unsigned seed = 0; seed != 50; ++seed) {
    SCOPED_TRACE(seed);
    std::mt19937 random(seed);
    std::vector<owner> owners(1 + random() % 60);
    timer_queue queue;
    instant now{};
    for (int step = 0; step != 2000; ++step) {
      owner& o = owners[random() % owners.size()];
      switch (random() % 8) {
        case 0: {
          EXPECT_EQ(queue.remove(o.t), o.deadline.has_value());
          if (o.deadline) operation_access::deliver(o.t);
          o.deadline.reset();
          break;
        }
        case 1:
          now += instant(random() % 50);
          expect_same_expiry(queue, owners, now);
          break;
        default:
          o.deadline = now + instant(random() % 200);
          queue.schedule(o.t, *o.deadline);
      }
      bool const any = std::any_of(owners.begin(), owners.end(),
                                   [](owner const& x) { return x.deadline.has_value(); });
      ASSERT_EQ(queue.empty(), !any);
      for (owner const& x : owners) {
        if (!x.deadline) continue;
        ASSERT_LE(queue.next(), *x.deadline);
      }
    }
    expect_same_expiry(queue, owners, instant::max());
    EXPECT_TRUE(queue.empty());
  }
}

TEST(timer_queue, a_later_deadline_costs_one_store) {
  std::vector<owner> owners(3);
  timer_queue queue;
  for (owner& o : owners) queue.schedule(o.t, instant(10));
  for (owner& o : owners) queue.schedule(o.t, instant(1000));
  EXPECT_EQ(queue.next(), instant(10));  // Nothing was moved.
  EXPECT_EQ(queue.pop_expired(instant(999)), nullptr);
  EXPECT_EQ(queue.next(), instant(1000));
  for (int i = 0; i != 3; ++i) operation_access::deliver(*queue.pop_expired(instant(1000)));
}

}  // namespace
}  // namespace quire::io
