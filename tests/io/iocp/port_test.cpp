#include <quire/io/iocp/port.hpp>
#include <quire/io/iocp/strict.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <thread>
#include <vector>

namespace quire::io::iocp {
namespace {

using namespace std::chrono_literals;

class port_fixture : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(port_.open(), error::none); }
  std::vector<void*> all() {
    std::vector<void*> found;
    for (packet p; port_.next(p);) found.push_back(p.subject);
    return found;
  }
  port port_;
  std::array<overlapped, 600> requests_;
};

TEST_F(port_fixture, brings_what_was_posted_in_order) {
  port_.post(source::wake, nullptr);
  port_.post(source::request, &requests_[0], 7);
  port_.post(source::accepted, &requests_[1]);
  port_.wait(1h);
  packet p;
  ASSERT_TRUE(port_.next(p));
  EXPECT_EQ(p.key, source::wake);
  EXPECT_EQ(p.subject, nullptr);
  ASSERT_TRUE(port_.next(p));
  EXPECT_EQ(p.key, source::request);
  EXPECT_EQ(p.subject, &requests_[0]);
  EXPECT_EQ(p.count, 7u);
  ASSERT_TRUE(port_.next(p));
  EXPECT_EQ(p.key, source::accepted);
  EXPECT_FALSE(port_.next(p));
}

TEST_F(port_fixture, waits_no_longer_than_it_may) {
  port_.wait(0ns);
  EXPECT_EQ(all().size(), 0u);
  port_.wait(1ns);  // A millisecond.
  EXPECT_EQ(all().size(), 0u);
}

TEST_F(port_fixture, another_thread_wakes_it) {
  std::thread other([&] { port_.post(source::wake, nullptr); });
  port_.wait(std::chrono::nanoseconds::max());
  EXPECT_EQ(all().size(), 1u);
  other.join();
}

TEST_F(port_fixture, what_is_taken_out_leaves_the_others_in_order) {
  for (std::size_t i = 0; i != 5; ++i) port_.post(source::request, &requests_[i]);
  packet p;
  ASSERT_TRUE(port_.take(requests_[2], p));
  EXPECT_EQ(p.subject, &requests_[2]);
  EXPECT_FALSE(port_.take(requests_[2], p));
  port_.post(source::request, &requests_[5]);
  port_.wait(1h);
  std::vector<void*> const left = {&requests_[0], &requests_[1], &requests_[3], &requests_[4],
                                   &requests_[5]};
  EXPECT_EQ(all(), left);
}

// Beside requests there are packets with the same address, of another source.
TEST_F(port_fixture, only_a_request_is_taken_out) {
  port_.post(source::accepted, &requests_[0]);
  packet p;
  EXPECT_FALSE(port_.take(requests_[0], p));
  port_.wait(1h);
  EXPECT_EQ(all().size(), 1u);
}

// More than fit at once, taken out while they are handled.
TEST_F(port_fixture, loses_none_of_many) {
  for (overlapped& r : requests_) port_.post(source::request, &r);
  std::vector<void*> seen;
  packet p;
  ASSERT_TRUE(port_.take(requests_[3], p));
  seen.push_back(p.subject);
  while (seen.size() != requests_.size()) {
    port_.wait(0ns);
    while (port_.next(p)) {
      seen.push_back(p.subject);
      std::size_t const other = (seen.size() * 7) % requests_.size();
      if (port_.take(requests_[other], p)) seen.push_back(p.subject);
    }
  }
  std::sort(seen.begin(), seen.end());
  EXPECT_EQ(std::unique(seen.begin(), seen.end()), seen.end());
}

TEST(strict_coin, says_yes_about_every_second_time_when_it_is_on) {
  strict_coin off({.on = false, .seed = 1});
  strict_coin on({.on = true, .seed = 1});
  int yes_off = 0;
  int yes_on = 0;
  for (int i = 0; i != 1000; ++i) {
    yes_off += off.toss();
    yes_on += on.toss();
  }
  EXPECT_EQ(yes_off, 0);
  EXPECT_GT(yes_on, 400);
  EXPECT_LT(yes_on, 600);
}

}  // namespace
}  // namespace quire::io::iocp
