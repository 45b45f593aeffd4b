#include <quire/server/windows/locked_requests.hpp>

#include <gtest/gtest.h>

#include <cstdint>

namespace quire::server {
namespace {

TEST(doctor, locked_requests_need_the_function_and_the_right) {
  auto const lock = [](io::nt::handle, void*, std::size_t) noexcept -> std::uint32_t { return 0; };
  finding const missing = examine_locked_requests({}, true);
  EXPECT_EQ(missing.value, "not a function of this system");
  EXPECT_EQ(missing.judged, verdict::costs);
  EXPECT_FALSE(missing.cost.empty());
  finding const forbidden = examine_locked_requests({.lock_requests = lock}, false);
  EXPECT_EQ(forbidden.value, "not allowed to this user");
  EXPECT_EQ(forbidden.judged, verdict::costs);
  EXPECT_FALSE(forbidden.advice.empty());
  EXPECT_EQ(examine_locked_requests({.lock_requests = lock}, true).judged, verdict::good);
}

}  // namespace
}  // namespace quire::server
