#include <quire/server/settling.hpp>

#include <gtest/gtest.h>

namespace quire::server {
namespace {

using namespace std::chrono_literals;

constexpr std::chrono::nanoseconds noon = std::chrono::hours(12);

io::file_status changed_at(std::chrono::nanoseconds modified, std::chrono::nanoseconds changed) {
  io::file_status s;
  s.modified_ns = modified.count();
  s.changed_ns = changed.count();
  return s;
}

TEST(settling, a_file_at_rest_is_not_waited_for) {
  settling s;
  EXPECT_EQ(s.wait(changed_at(noon - 20ms, noon - 20ms), noon, 0s), 0ns);
  EXPECT_EQ(s.wait(changed_at(noon - 24h, noon - 1s), noon, 0s), 0ns);
}

TEST(settling, the_rest_of_the_time_is_waited_for_whichever_of_the_times_is_later) {
  settling s;
  EXPECT_EQ(s.wait(changed_at(noon - 5ms, noon - 5ms), noon, 0s), 15ms);
  EXPECT_EQ(s.wait(changed_at(noon - 24h, noon - 19ms), noon, 0s), 1ms);
  EXPECT_EQ(s.wait(changed_at(noon, noon - 24h), noon, 0s), 20ms);
}

TEST(settling, each_change_begins_it_anew) {
  settling s;
  EXPECT_EQ(s.wait(changed_at(noon, noon), noon, 0s), 20ms);
  EXPECT_EQ(s.wait(changed_at(noon + 18ms, noon + 18ms), noon + 20ms, 20ms), 18ms);
  EXPECT_EQ(s.wait(changed_at(noon + 18ms, noon + 18ms), noon + 38ms, 38ms), 0ns);
}

TEST(settling, a_time_ahead_of_ours_is_watched_by_our_own_clock) {
  settling s;
  io::file_status const ahead = changed_at(noon + 1h, noon + 1h);
  EXPECT_EQ(s.wait(ahead, noon, 5s), 20ms);
  EXPECT_EQ(s.wait(ahead, noon + 8ms, 5s + 8ms), 12ms);
  EXPECT_EQ(s.wait(changed_at(noon + 2h, noon + 2h), noon + 20ms, 5s + 20ms), 20ms);
  EXPECT_EQ(s.wait(changed_at(noon + 2h, noon + 2h), noon + 40ms, 5s + 40ms), 0ns);
}

TEST(settling, a_clock_that_is_set_back_meanwhile_does_not_prolong_it) {
  settling s;
  EXPECT_EQ(s.wait(changed_at(noon, noon), noon + 5ms, 0s), 15ms);
  EXPECT_EQ(s.wait(changed_at(noon, noon), noon - 1h, 20ms), 0ns);
}

}  // namespace
}  // namespace quire::server
