#include <quire/server/connection_state.hpp>

#include <gtest/gtest.h>

namespace quire::server {
namespace {

constexpr connection_state state(std::size_t i) {
  return static_cast<connection_state>(i);
}

TEST(connection_state, nothing_follows_closing) {
  for (std::size_t i = 0; i != connection_state_count; ++i) {
    EXPECT_FALSE(may_follow(connection_state::closing, state(i)));
  }
}

TEST(connection_state, every_other_state_may_close) {
  for (std::size_t i = 0; i != connection_state_count; ++i) {
    if (state(i) == connection_state::closing) continue;
    EXPECT_TRUE(may_follow(state(i), connection_state::closing)) << connection_state_names[i];
  }
}

TEST(connection_state, every_state_can_be_reached_from_idle) {
  std::array<bool, connection_state_count> reached{true};
  for (std::size_t round = 0; round != connection_state_count; ++round) {
    for (std::size_t from = 0; from != connection_state_count; ++from) {
      for (std::size_t to = 0; to != connection_state_count; ++to) {
        if (reached[from] && may_follow(state(from), state(to))) reached[to] = true;
      }
    }
  }
  for (std::size_t i = 0; i != connection_state_count; ++i) {
    EXPECT_TRUE(reached[i]) << connection_state_names[i];
  }
}

TEST(connection_state, a_response_is_sent_before_the_connection_lingers) {
  for (std::size_t i = 0; i != connection_state_count; ++i) {
    EXPECT_EQ(may_follow(state(i), connection_state::linger),
              state(i) == connection_state::send || state(i) == connection_state::transfer)
        << connection_state_names[i];
  }
}

}  // namespace
}  // namespace quire::server
