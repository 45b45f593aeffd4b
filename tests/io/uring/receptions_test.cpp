// Numbers under which the kernel knows receptions.
#include <quire/io/uring/receptions.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <set>
#include <vector>

namespace quire::io::uring {
namespace {

std::vector<std::uint32_t> ended(receptions& all) {
  std::vector<std::uint32_t> numbers;
  all.end_turn([&](std::uint32_t n) { numbers.push_back(n); });
  return numbers;
}

TEST(receptions, a_number_is_one_streams_until_it_is_released) {
  receptions all;
  std::set<std::uint32_t> numbers;
  for (int i = 0; i != 1000; ++i) {
    std::uint32_t const n = all.acquire();
    ASSERT_NE(n, receptions::none);
    ASSERT_TRUE(numbers.insert(n).second);
  }
  all.release(7);
  EXPECT_EQ(all.acquire(), 7u);
}

TEST(receptions, a_number_that_is_taken_again_knows_nothing_of_before) {
  receptions all;
  std::uint32_t const n = all.acquire();
  all[n].failure = 104;
  all[n].closed = true;
  all.release(n);
  ASSERT_EQ(all.acquire(), n);
  EXPECT_EQ(all[n].failure, 0);
  EXPECT_FALSE(all[n].closed);
  EXPECT_FALSE(all[n].is_waited_for());
  EXPECT_EQ(all[n].take_kept(), nullptr);
}

TEST(reception, who_waits_gets_what_comes_and_what_came_before_is_kept) {
  receptions all;
  reception& r = all[all.acquire()];
  receive_operation op;
  std::array<page, 2> pages;
  r.waiting = &op;
  EXPECT_TRUE(r.is_waited_for());
  r.waiting = nullptr;
  for (page& p : pages) r.keep(p);
  EXPECT_TRUE(r.has_unasked);
  EXPECT_FALSE(r.is_waited_for());
  for (page& p : pages) EXPECT_EQ(r.take_kept(), &p);
  EXPECT_EQ(r.take_kept(), nullptr);
  EXPECT_FALSE(r.has_unasked);
  r.waiting = &op;
  EXPECT_TRUE(r.is_waited_for());
}

TEST(receptions, at_the_end_of_the_turn_each_with_unasked_bytes_is_named_once) {
  receptions all;
  std::uint32_t const has = all.acquire();
  std::uint32_t const taken = all.acquire();
  ASSERT_NE(all.acquire(), receptions::none);
  page p;
  all[has].keep(p);
  all.note_unasked(has);
  all.note_unasked(has);
  all.note_unasked(taken);
  EXPECT_EQ(ended(all), std::vector{has});
  EXPECT_TRUE(ended(all).empty());
  all.note_unasked(has);
  EXPECT_EQ(ended(all), std::vector{has});
  EXPECT_EQ(all[has].take_kept(), &p);
}

TEST(receptions, a_number_that_is_listed_is_taken_again_in_the_next_turn) {
  receptions all;
  std::uint32_t const n = all.acquire();
  all.note_unasked(n);
  all.release(n);
  std::uint32_t const other = all.acquire();
  EXPECT_NE(other, n);
  EXPECT_TRUE(ended(all).empty());
  EXPECT_EQ(all.acquire(), n);
  page p;
  all[n].keep(p);
  all.note_unasked(n);
  EXPECT_EQ(ended(all), std::vector{n});
  EXPECT_EQ(all[n].take_kept(), &p);
}

}  // namespace
}  // namespace quire::io::uring
