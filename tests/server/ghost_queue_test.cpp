#include <quire/server/ghost_queue.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace quire::server {
namespace {

std::uint64_t name(std::uint64_t i) {
  return i * 0x9e3779b97f4a7c15;
}

TEST(ghost_queue, knows_what_came_lately_and_once) {
  ghost_queue ghosts(100);
  for (std::uint64_t i = 1; i <= 50; ++i) ghosts.add(name(i));
  unsigned known = 0;
  for (std::uint64_t i = 1; i <= 50; ++i) known += ghosts.take(name(i)) ? 1U : 0U;
  EXPECT_GE(known, 48U);  // A bucket may have had more than its share.
  for (std::uint64_t i = 1; i <= 50; ++i) EXPECT_FALSE(ghosts.take(name(i))) << i;
}

TEST(ghost_queue, forgets_what_came_long_ago) {
  ghost_queue ghosts(100);
  ghosts.add(name(1));
  for (std::uint64_t i = 2; i <= 101; ++i) ghosts.add(name(i));
  EXPECT_FALSE(ghosts.take(name(1)));
  EXPECT_TRUE(ghosts.take(name(101)));
}

TEST(ghost_queue, of_no_capacity_knows_nothing) {
  ghost_queue ghosts(0);
  ghosts.add(name(1));
  EXPECT_FALSE(ghosts.take(name(1)));
  EXPECT_EQ(ghosts.bytes(), 0U);
}

}  // namespace
}  // namespace quire::server
