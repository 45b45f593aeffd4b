// What Linux makes of the priority of a thread.
#include <quire/io/thread_priority.hpp>

#include <gtest/gtest.h>

#include <sched.h>
#include <sys/resource.h>

#include <thread>

namespace quire::io {
namespace {

struct observed {
  int policy = -1;
  int nice = -1;
};

observed observe(thread_priority p) {
  observed o;
  std::thread([&o, p] {
    set_priority_of_this_thread(p);
    o = {::sched_getscheduler(0), ::getpriority(PRIO_PROCESS, 0)};
  }).join();
  return o;
}

TEST(thread_priority, a_normal_one_is_as_it_was) {
  observed const o = observe(thread_priority::normal);
  EXPECT_EQ(o.policy, ::sched_getscheduler(0));
  EXPECT_EQ(o.nice, ::getpriority(PRIO_PROCESS, 0));
}

TEST(thread_priority, a_low_one_has_a_share) {
  observed const o = observe(thread_priority::low);
  EXPECT_EQ(o.policy, ::sched_getscheduler(0));
  EXPECT_EQ(o.nice, 10);
}

TEST(thread_priority, an_idle_one_gives_way_to_who_is_woken) {
  EXPECT_EQ(observe(thread_priority::idle).policy, SCHED_IDLE);
  EXPECT_NE(::sched_getscheduler(0), SCHED_IDLE);  // Nobody else does.
}

}  // namespace
}  // namespace quire::io
