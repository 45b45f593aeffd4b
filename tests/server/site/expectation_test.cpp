#include <quire/server/site/expectation.hpp>

#include <gtest/gtest.h>

using namespace quire::server;

namespace {

TEST(expectation, knows_100_continue_and_nothing_else) {
  EXPECT_EQ(expectation_of(""), expectation::none);
  EXPECT_EQ(expectation_of("100-continue"), expectation::continue_);
  EXPECT_EQ(expectation_of("100-Continue"), expectation::continue_);
  for (auto const* value : {"100", "100-continu", "100-continues", "100_continue", "200-ok",
                            "100-continue, 100-continue", "100-continue;a=b"}) {
    EXPECT_EQ(expectation_of(value), expectation::unknown) << value;
  }
}

}  // namespace
