#include <quire/parser/fields/entity_tag.hpp>
#include <quire/server/site/file_entity_tag.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

using namespace quire::server;

namespace {

std::string tag(std::uint64_t size, std::int64_t modified_ns, std::int64_t changed_ns) {
  char out[file_entity_tag_max];
  return std::string(write_file_entity_tag({size, modified_ns, changed_ns}, out));
}

TEST(file_entity_tag, states_size_and_times) {
  EXPECT_EQ(tag(0, 0, 0), "\"0-0-0\"");
  EXPECT_EQ(tag(4096, 0x1234, 0xabcd), "\"1000-1234-abcd\"");
}

TEST(file_entity_tag, differs_when_anything_differs) {
  std::string const original = tag(10, 1'770'000'000'000'000'000, 1'770'000'000'000'000'000);
  EXPECT_NE(tag(11, 1'770'000'000'000'000'000, 1'770'000'000'000'000'000), original);
  EXPECT_NE(tag(10, 1'770'000'000'000'000'001, 1'770'000'000'000'000'000), original);
  EXPECT_NE(tag(10, 1'770'000'000'000'000'000, 1'770'000'000'000'000'001), original);
  EXPECT_NE(tag(0x11, 0x1, 0), tag(0x1, 0x11, 0));
}

TEST(file_entity_tag, is_a_strong_tag_whatever_the_numbers) {
  std::int64_t const times[] = {std::numeric_limits<std::int64_t>::min(), -1, 0, 1,
                                std::numeric_limits<std::int64_t>::max()};
  for (auto const modified : times) {
    for (auto const changed : times) {
      auto const text = tag(std::numeric_limits<std::uint64_t>::max(), modified, changed);
      auto const parsed = quire::http::parse_entity_tag(text);
      ASSERT_TRUE(parsed) << text;
      EXPECT_FALSE(parsed->weak);
    }
  }
}

}  // namespace
