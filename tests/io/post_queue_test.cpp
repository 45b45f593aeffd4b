#include <quire/io/post_queue.hpp>
#include <quire/io/semaphore.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <limits>
#include <thread>
#include <vector>

namespace quire::io {
namespace {

struct item {
  item() { op.bind<&item::arrive>(this); }
  void arrive() noexcept { order->push_back(number); }

  posted_operation op;
  std::vector<int>* order = nullptr;
  int number = 0;
};

// As a loop does for who posts.
bool push(post_queue& q, operation& op) {
  operation_access::submit(op);
  return q.push(op);
}

std::size_t take_all(post_queue& q) {
  ready_list ready;
  q.take(ready);
  return ready.deliver(std::numeric_limits<std::size_t>::max());
}

TEST(post_queue, only_who_finds_it_empty_wakes_the_loop) {
  post_queue q;
  std::vector<int> order;
  std::deque<item> items(3);
  for (item& i : items) i.order = &order;
  EXPECT_TRUE(push(q, items[0].op));
  EXPECT_FALSE(push(q, items[1].op));
  EXPECT_EQ(take_all(q), 2U);
  EXPECT_TRUE(push(q, items[2].op));
  EXPECT_EQ(take_all(q), 1U);
  EXPECT_EQ(take_all(q), 0U);
}

TEST(post_queue, delivers_in_the_order_of_posting) {
  post_queue q;
  std::vector<int> order;
  std::deque<item> items(5);
  for (int i = 0; i != 5; ++i) {
    items[static_cast<std::size_t>(i)].order = &order;
    items[static_cast<std::size_t>(i)].number = i;
    static_cast<void>(push(q, items[static_cast<std::size_t>(i)].op));
  }
  take_all(q);
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2, 3, 4}));
}

TEST(post_queue, an_operation_may_be_posted_again_from_its_completion_on) {
  post_queue q;
  std::vector<int> order;
  item i;
  i.order = &order;
  for (int n = 0; n != 3; ++n) {
    i.number = n;
    EXPECT_TRUE(push(q, i.op));
    EXPECT_FALSE(i.op.idle());
    take_all(q);
    EXPECT_TRUE(i.op.idle());
  }
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

// A loop that turns only when it is woken: a lost wake would hang it.
TEST(post_queue, what_each_of_many_threads_posts_arrives_once_and_in_its_order) {
  constexpr std::size_t threads = 4;
  constexpr int each = 5000;
  post_queue q;
  std::vector<std::vector<int>> orders(threads);
  std::vector<std::deque<item>> items;
  for (std::size_t t = 0; t != threads; ++t) {
    auto& own = items.emplace_back(each);
    for (int n = 0; n != each; ++n) {
      own[static_cast<std::size_t>(n)].order = &orders[t];
      own[static_cast<std::size_t>(n)].number = n;
    }
  }
  semaphore wakes;
  std::vector<std::jthread> producers;
  for (auto& own : items) {
    producers.emplace_back([&q, &own, &wakes] {
      for (item& i : own) {
        if (push(q, i.op)) wakes.release();
      }
    });
  }
  for (std::size_t arrived = 0; arrived != threads * each;) {
    wakes.acquire();
    arrived += take_all(q);
  }
  for (auto const& order : orders) {
    ASSERT_EQ(order.size(), static_cast<std::size_t>(each));
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
  }
}

}  // namespace
}  // namespace quire::io
