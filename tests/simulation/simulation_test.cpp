#include "tests/simulation/simulation.hpp"

#include <quire/server/encoding/content_encoder.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>

namespace quire::simulation {
namespace {

// As many seeds as QUIRE_SEEDS says.
std::uint64_t seeds() {
  char const* const text = std::getenv("QUIRE_SEEDS");
  return text == nullptr ? QUIRE_SEEDS_DEFAULT : std::strtoull(text, nullptr, 10);
}
// Worlds in which every operation fails once.
std::uint64_t swept_worlds() {
  return std::max<std::uint64_t>(4, seeds() / 500);
}

TEST(simulation, a_world_without_faults_answers_everything_right) {
  outcome all;
  for (std::uint64_t seed = 1; seed <= 200; ++seed) {
    outcome const o = run({.seed = seed, .faults = false});
    ASSERT_EQ(o.complaint, "") << "seed " << seed;
    all.answers += o.answers;
    all.encoded_answers += o.encoded_answers;
    all.digests += o.digests;
  }
  EXPECT_GT(all.answers, 2000U);
  EXPECT_GT(all.digests, 200U);
  if (server::encodable_codings().has(server::content_coding::gzip)) {
    EXPECT_GT(all.encoded_answers, 40U);
  }
}

// The worlds are shared out among tests that can run beside each other.
constexpr std::uint64_t shares = 4;
class share_of_worlds : public testing::TestWithParam<std::uint64_t> {};
INSTANTIATE_TEST_SUITE_P(simulation, share_of_worlds, testing::Range(std::uint64_t{1}, shares + 1));

TEST_P(share_of_worlds, a_swarm_of_faults_leaves_nothing_behind) {
  for (std::uint64_t seed = GetParam(); seed <= seeds(); seed += shares) {
    outcome const o = run({.seed = seed});
    ASSERT_EQ(o.complaint, "") << "seed " << seed;
  }
}

TEST_P(share_of_worlds, each_operation_may_fail_once) {
  std::uint64_t swept = 0;
  for (std::uint64_t seed = GetParam(); seed <= swept_worlds(); seed += shares) {
    plan p{.seed = seed, .faults = false};
    std::uint64_t const operations = run(p).operations;
    swept += operations;
    for (p.failing_operation = 1; p.failing_operation <= operations; ++p.failing_operation) {
      ASSERT_EQ(run(p).complaint, "") << "seed " << seed << " operation " << p.failing_operation;
    }
  }
  EXPECT_GT(swept, 0U);
}

TEST(simulation, the_same_seed_gives_the_same_run) {
  for (std::uint64_t seed = 1; seed <= 50; ++seed) {
    outcome const first = run({.seed = seed});
    outcome const second = run({.seed = seed});
    ASSERT_EQ(first.trace_hash, second.trace_hash) << "seed " << seed;
    ASSERT_EQ(first.operations, second.operations) << "seed " << seed;
  }
}

}  // namespace
}  // namespace quire::simulation
