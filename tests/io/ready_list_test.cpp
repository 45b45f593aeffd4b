#include <quire/io/ready_list.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstddef>
#include <functional>
#include <string>

namespace quire::io {
namespace {

struct outcome : operation {
  outcome() { bind<&outcome::completed>(this); }
  void completed() noexcept { then(); }
  std::function<void()> then = [] {};
};

struct ready_list_fixture : ::testing::Test {
  void finish(outcome& o, char name, std::size_t transferred) {
    o.then = [this, name] { delivered += name; };
    operation_access::submit(o);
    ready.finish(o, error::none, transferred);
  }
  ready_list ready;
  std::string delivered;
};

TEST_F(ready_list_fixture, what_has_moved_much_waits_behind_the_others) {
  std::array<outcome, 5> o;
  finish(o[0], 'A', large_transfer_min);
  finish(o[1], 'b', large_transfer_min - 1);
  finish(o[2], 'C', large_transfer_min);
  finish(o[3], 'd', 0);
  finish(o[4], 'e', 1);
  EXPECT_EQ(ready.deliver(4), 4u);
  EXPECT_EQ(delivered, "bdeA");
  EXPECT_FALSE(ready.empty());
  EXPECT_EQ(ready.deliver(4), 1u);
  EXPECT_EQ(delivered, "bdeAC");
  EXPECT_TRUE(ready.empty());
}

TEST_F(ready_list_fixture, large_transfers_have_their_share_of_each_turn) {
  std::array<outcome, 5> o;
  finish(o[0], 'A', large_transfers_max - 1);
  finish(o[1], 'B', large_transfers_max);
  finish(o[2], 'C', large_transfers_max);
  EXPECT_EQ(ready.deliver(10), 2u);
  EXPECT_EQ(ready.deliver(10), 0u);
  finish(o[3], 'd', 1);
  EXPECT_EQ(ready.deliver(10), 1u);
  EXPECT_EQ(delivered, "ABd");
  ready.begin_turn();
  finish(o[4], 'e', 1);
  EXPECT_EQ(ready.deliver(10), 2u);
  EXPECT_EQ(delivered, "ABdeC");
}

TEST_F(ready_list_fixture, one_large_transfer_a_turn_is_delivered_where_others_never_end) {
  std::array<outcome, 2> large;
  outcome endless;
  std::function<void()> const again = [&] {
    delivered += 'e';
    operation_access::submit(endless);
    ready.finish(endless, error::none);
  };
  finish(endless, 'e', 0);
  endless.then = again;
  finish(large[0], 'A', large_transfer_min);
  finish(large[1], 'B', large_transfer_min);
  EXPECT_EQ(ready.deliver(4), 4u);
  EXPECT_EQ(delivered, "eeeA");
  EXPECT_EQ(ready.deliver(2), 2u);
  EXPECT_EQ(delivered, "eeeAee");
  ready.begin_turn();
  EXPECT_EQ(ready.deliver(4), 4u);
  EXPECT_EQ(delivered, "eeeAeeeeeB");
  endless.then = [] {};
  ready.deliver(10);
}

}  // namespace
}  // namespace quire::io
