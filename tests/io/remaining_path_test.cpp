#include <quire/io/remaining_path.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace quire::io {
namespace {

// The names of a path; one that ends a path without a slash has an exclamation mark.
std::vector<std::string> names(remaining_path& path) {
  std::vector<std::string> all;
  while (char const* const name = path.next()) {
    all.push_back(std::string(name) + (path.is_last() ? "!" : ""));
  }
  return all;
}

std::vector<std::string> names(std::string_view text) {
  remaining_path path;
  EXPECT_EQ(path.assign(text), error::none);
  return names(path);
}

using list = std::vector<std::string>;

TEST(remaining_path, is_made_of_names) {
  EXPECT_EQ(names("a"), (list{"a!"}));
  EXPECT_EQ(names("a/b"), (list{"a", "b!"}));
  EXPECT_EQ(names("a/b/"), (list{"a", "b"}));
  EXPECT_EQ(names("./a//./b/."), (list{"a", "b"}));
  EXPECT_EQ(names("../a/.."), (list{"..", "a", "..!"}));
  EXPECT_EQ(names("."), (list{}));
}

TEST(remaining_path, the_target_of_a_link_takes_its_place) {
  remaining_path path;
  ASSERT_EQ(path.assign("a/b/c"), error::none);
  EXPECT_STREQ(path.next(), "a");
  ASSERT_EQ(path.follow("../x"), error::none);
  EXPECT_EQ(names(path), (list{"..", "x", "b", "c!"}));
  ASSERT_EQ(path.follow("y/"), error::none);
  EXPECT_EQ(names(path), (list{"y"}));
}

TEST(remaining_path, refuses_what_it_cannot_walk) {
  EXPECT_EQ(remaining_path().assign(""), error::not_found);
  EXPECT_EQ(remaining_path().assign(std::string_view("a\0b", 3)), error::not_found);
  EXPECT_EQ(remaining_path().assign("/a"), error::outside_root);
  EXPECT_EQ(remaining_path().assign(std::string(path_size_max, 'x')), error::none);
  EXPECT_EQ(remaining_path().assign(std::string(path_size_max + 1, 'x')), error::name_too_long);
  remaining_path path;
  ASSERT_EQ(path.assign("a"), error::none);
  ASSERT_STREQ(path.next(), "a");
  EXPECT_EQ(path.follow("/a"), error::outside_root);
}

TEST(remaining_path, ends_in_a_circle_of_links) {
  remaining_path path;
  ASSERT_EQ(path.assign("a"), error::none);
  for (int i = 0; i != 40; ++i) {
    ASSERT_STREQ(path.next(), "a");
    ASSERT_EQ(path.follow("a"), error::none) << i;
  }
  ASSERT_STREQ(path.next(), "a");
  EXPECT_EQ(path.follow("a"), error::too_many_links);
}

}  // namespace
}  // namespace quire::io
