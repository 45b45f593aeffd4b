#include <quire/server/site/byte_range_request.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::server;
using verdict = precondition_verdict;

namespace {

std::string several(std::optional<std::string_view> range, std::uint64_t length,
                    verdict v = verdict::proceed) {
  quire::http::byte_extent room[ranges_max];
  auto const got = select_ranges(range, v, length, room);
  char const* const names[] = {"whole", "one", "several", "unsatisfiable"};
  std::string out = names[static_cast<int>(got.selection)];
  for (auto const& extent : got.extents) {
    out += " " + std::to_string(extent.first) + "-" + std::to_string(extent.last);
  }
  return out;
}

TEST(byte_range_request, selects_the_whole_without_a_range_that_counts) {
  EXPECT_EQ(several({}, 100), "whole");
  EXPECT_EQ(several("", 100), "whole");
  EXPECT_EQ(several("bytes=0-1", 100, verdict::ignore_range), "whole");
  EXPECT_EQ(several("items=0-1", 100), "whole");
  EXPECT_EQ(several("bytes=1-0", 100), "whole");
  EXPECT_EQ(several("bytes=-5", 0), "whole");
}

TEST(byte_range_request, selects_one_part) {
  EXPECT_EQ(several("bytes=0-1", 100), "one 0-1");
  EXPECT_EQ(several("bytes=0-", 100), "one 0-99");
  EXPECT_EQ(several("bytes=-1", 100), "one 99-99");
  EXPECT_EQ(several("bytes=500-,5-6", 100), "one 5-6");
}

TEST(byte_range_request, coalesces_parts_that_are_near) {
  EXPECT_EQ(several("bytes=0-1,2-3", 1000), "one 0-3");
  EXPECT_EQ(several("bytes=0-1,82-83", 1000), "one 0-83");
  EXPECT_EQ(several("bytes=0-1,83-84", 1000), "several 0-1 83-84");
  EXPECT_EQ(several("bytes=500-600,0-1,550-", 1000), "several 500-999 0-1");
  EXPECT_EQ(several("bytes=0-,0-,0-,0-,0-,0-,0-,0-", 1000), "one 0-999");
}

TEST(byte_range_request, knows_what_cannot_be_satisfied) {
  EXPECT_EQ(several("bytes=100-", 100), "unsatisfiable");
  EXPECT_EQ(several("bytes=-0", 100), "unsatisfiable");
  EXPECT_EQ(several("bytes=0-0", 0), "unsatisfiable");
}

TEST(byte_range_request, never_selects_more_bytes_than_there_are) {
  std::string range = "bytes=0-";
  for (std::size_t i = 1; i < ranges_max; ++i) range += "," + std::to_string(i * 1000) + "-";
  EXPECT_EQ(several(range, 65536), "one 0-65535");
  EXPECT_EQ(several(range + ",0-", 65536), "whole");
}

}  // namespace
