#include <quire/server/back_end.hpp>

#include <gtest/gtest.h>

#include <array>

namespace quire::server {
namespace {

std::string none() {
  return {};
}
std::string forbidden() {
  return "io_uring is forbidden here";
}
int serve(settings const&, std::size_t, std::string_view) {
  return 0;
}

constexpr std::array<back_end, 2> both = {back_end{"uring", none, serve},
                                          back_end{"epoll", none, serve}};
constexpr std::array<back_end, 2> second = {back_end{"uring", forbidden, serve},
                                            back_end{"epoll", none, serve}};
constexpr std::array<back_end, 1> nothing = {back_end{"uring", forbidden, serve}};

TEST(back_end, auto_takes_the_first_that_works_and_says_so) {
  back_end_choice const c = choose_back_end(both, "auto");
  EXPECT_EQ(c.chosen, &both[0]);
  EXPECT_EQ(c.note, "using uring, which passed its self-test");
}

TEST(back_end, auto_goes_on_to_the_next_and_says_what_was_in_the_way) {
  back_end_choice const c = choose_back_end(second, "auto");
  EXPECT_EQ(c.chosen, &second[1]);
  EXPECT_EQ(c.note, "io_uring is forbidden here; using epoll");
}

TEST(back_end, auto_chooses_nothing_when_nothing_works) {
  back_end_choice const c = choose_back_end(nothing, "auto");
  EXPECT_EQ(c.chosen, nullptr);
  EXPECT_EQ(c.note, "io_uring is forbidden here");
}

TEST(back_end, a_name_chooses_without_a_word) {
  back_end_choice const c = choose_back_end(both, "epoll");
  EXPECT_EQ(c.chosen, &both[1]);
  EXPECT_EQ(c.note, "");
}

TEST(back_end, what_is_not_allowed_is_refused_with_what_is) {
  back_end_choice const c = choose_back_end(second, "uring");
  EXPECT_EQ(c.chosen, nullptr);
  EXPECT_EQ(c.note, "--io uring cannot be used: io_uring is forbidden here; what can: auto, epoll");
}

TEST(back_end, what_is_not_built_in_is_refused_with_what_is) {
  back_end_choice const c = choose_back_end(both, "iocp");
  EXPECT_EQ(c.chosen, nullptr);
  EXPECT_EQ(c.note, "--io iocp is not built into this program; it takes auto, uring or epoll");
}

TEST(back_end, what_nobody_knows_is_refused_with_what_is_there) {
  for (char const* name : {"", "kqueue", "Epoll", "auto,epoll", "sim"}) {
    back_end_choice const c = choose_back_end(both, name);
    EXPECT_EQ(c.chosen, nullptr);
    EXPECT_EQ(c.note, std::string("--io takes auto, uring or epoll, not '") + name + "'");
  }
}

}  // namespace
}  // namespace quire::server
