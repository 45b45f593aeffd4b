#include <quire/buffer/page_list.hpp>

#include <gtest/gtest.h>

#include <array>

namespace quire {
namespace {

TEST(page_list, gives_pages_in_the_order_in_which_they_came) {
  std::array<page, 3> pages;
  page_list list;
  EXPECT_TRUE(list.empty());
  EXPECT_EQ(list.pop(), nullptr);
  for (int round = 0; round != 2; ++round) {
    for (page& p : pages) list.push(p);
    EXPECT_FALSE(list.empty());
    for (page& p : pages) {
      EXPECT_EQ(list.pop(), &p);
      EXPECT_EQ(p.next(), nullptr);
    }
    EXPECT_TRUE(list.empty());
    EXPECT_EQ(list.pop(), nullptr);
  }
}

TEST(page_list, takes_more_while_it_gives) {
  std::array<page, 3> pages;
  page_list list;
  list.push(pages[0]);
  list.push(pages[1]);
  EXPECT_EQ(list.pop(), &pages[0]);
  list.push(pages[2]);
  list.push(pages[0]);
  EXPECT_EQ(list.pop(), &pages[1]);
  EXPECT_EQ(list.pop(), &pages[2]);
  EXPECT_EQ(list.pop(), &pages[0]);
  EXPECT_TRUE(list.empty());
}

}  // namespace
}  // namespace quire
