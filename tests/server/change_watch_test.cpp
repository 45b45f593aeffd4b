// Which files are answered without a look, and what ends that.
#include "tests/server/file_loader_fixture.hpp"

#include <gtest/gtest.h>

#include <string>

namespace quire::server {
namespace {

using namespace std::chrono_literals;

class change_watch_test : public file_loader_fixture {
 protected:
  explicit change_watch_test(io::sim::faults faults = {}) : file_loader_fixture(faults) {
    services_.changes.start();
    turn();
  }
  ~change_watch_test() override {
    services_.changes.stop();
    while (!services_.changes.idle()) turn();
  }
  void turn(int count = 4) {
    for (int i = 0; i != count; ++i) loop_.run_once(io::wait::no);
    now_ = loop_.now();
  }
  // How many operations of the file system the next request takes.
  std::uint64_t cost_of(std::string const& path, std::string const& expected) {
    std::uint64_t const before = loop_.operations();
    loaded const l = load(path);
    EXPECT_EQ(l.outcome == load_outcome::found       ? l.content
              : l.outcome == load_outcome::directory ? "directory"
                                                     : "none",
              expected)
        << path;
    std::uint64_t const cost = loop_.operations() - before;
    turn();
    return cost;
  }
  // Asks until no look is needed; the number of requests that took one.
  int settle(std::string const& path, std::string const& expected) {
    int looks = 0;
    while (looks != 10 && cost_of(path, expected) != 0) ++looks;
    return looks;
  }
};

TEST_F(change_watch_test, who_is_asked_for_again_and_again_needs_no_look) {
  make("f", "1", 1h);
  make("d/e/f", "1", 1h);
  for (char const* path : {"f", "d/e/f"}) {
    int const looks = settle(path, "1");
    EXPECT_GE(looks, 2) << path;
    EXPECT_LE(looks, 4) << path;
  }
  EXPECT_EQ(services_.changes.directories(), 3U);
}

TEST_F(change_watch_test, a_change_is_seen_by_the_next_request) {
  make("d/f", "1", 1h);
  settle("d/f", "1");
  make("d/f", "2", 1h);
  turn();
  EXPECT_NE(cost_of("d/f", "2"), 0U);
  EXPECT_LE(settle("d/f", "2"), 2);
  loop_.files().remove("d/f");
  turn();
  settle("d/f", "none");
  make("d/f", "3", 1h);
  turn();
  settle("d/f", "3");
}

TEST_F(change_watch_test, a_change_of_another_file_costs_no_look) {
  make("d/f", "1", 1h);
  make("d/g", "1", 1h);
  settle("d/f", "1");
  make("d/g", "2", 1h);
  make("e/f", "2", 1h);
  turn();
  EXPECT_EQ(cost_of("d/f", "1"), 0U);
}

TEST_F(change_watch_test, ten_seconds_later_there_is_a_look_all_the_same) {
  make("f", "1", 1h);
  settle("f", "1");
  sleep(9990ms);
  EXPECT_EQ(cost_of("f", "1"), 1U) << "the root";
  EXPECT_EQ(cost_of("f", "1"), 0U);
  sleep(11ms);
  EXPECT_NE(cost_of("f", "1"), 0U);
  EXPECT_EQ(cost_of("f", "1"), 0U);
}

TEST_F(change_watch_test, what_lies_encoded_beside_a_file_is_looked_for_when_it_is_told) {
  make("d/f", "1", 1h);
  settle("d/f", "1");
  sleep(10001ms);
  settle("d/f", "1");
  for (int i = 0; i != 3; ++i) {
    sleep(10001ms);
    EXPECT_EQ(cost_of("d/f", "1"), 2U);  // The root and the file.
    EXPECT_EQ(cost_of("d/f", "1"), 0U);
  }
  make("d/f.br", "encoded", 30min);
  turn();
  EXPECT_EQ(load(
                "d/f", [] {}, "br")
                .content,
            "encoded");
  loop_.files().remove("d/f.br");
  turn();
  EXPECT_EQ(load(
                "d/f", [] {}, "br")
                .content,
            "1");
}

TEST_F(change_watch_test, what_a_link_beside_a_file_leads_to_is_looked_for_all_the_same) {
  make("d/f", "1", 1h);
  loop_.files().make_link("d/f.br", "e/g");
  settle("d/f", "1");
  sleep(10001ms);
  settle("d/f", "1");
  make("d/e/g", "encoded", 30min);
  turn();
  sleep(10001ms);
  EXPECT_EQ(load(
                "d/f", [] {}, "br")
                .content,
            "encoded");
}

TEST_F(change_watch_test, the_index_of_a_directory_changes_with_its_file) {
  make("d/index.html", "1", 1h);
  settle("d/", "1");
  settle("d", "directory");
  make("d/index.html", "2", 1h);
  turn();
  EXPECT_NE(cost_of("d/", "2"), 0U);
  loop_.files().remove("d");
  turn();
  settle("d/", "none");
  settle("d", "none");
  make("d/index.html", "3", 1h);
  turn();
  settle("d/", "3");
  settle("d", "directory");
}

TEST_F(change_watch_test, that_there_is_nothing_needs_no_look_until_something_comes) {
  settle("absent", "none");
  settle("x/y/z", "none");
  EXPECT_EQ(cost_of("x/y/z", "none"), 0U);
  make("absent", "1", 1h);
  turn();
  EXPECT_NE(cost_of("absent", "1"), 0U);
  make("x/other", "1", 1h);
  turn();
  settle("x/y/z", "none");
  make("x/y/z", "1", 1h);
  turn();
  settle("x/y/z", "1");
}

TEST_F(change_watch_test, what_a_link_leads_to_is_looked_at_each_time) {
  make("d/f", "1", 1h);
  loop_.files().make_link("link", "d");
  EXPECT_EQ(settle("link/f", "1"), 10);
  settle("d/f", "1");
  make("d/f", "2", 1h);
  turn();
  EXPECT_NE(cost_of("link/f", "2"), 0U);
}

TEST_F(change_watch_test, directories_that_hold_nothing_are_forgotten) {
  make("d/e/f", "1", 1h);
  make("f", "1", 1h);
  settle("d/e/f", "1");
  settle("f", "1");
  EXPECT_EQ(services_.changes.directories(), 3U);
  services_.cache.remove(*services_.cache.find("d/e/f"));
  // They are when something is told of them.
  for (char const* other : {"d/e/g", "d/g"}) {
    make(other, "1", 1h);
    EXPECT_EQ(cost_of("f", "1"), 0U);
  }
  EXPECT_EQ(services_.changes.directories(), 1U);
}

class change_watch_that_loses : public change_watch_test {
 protected:
  change_watch_that_loses() : change_watch_test({.notices_lost = 1024}) {}
};

TEST_F(change_watch_that_loses, looks_at_everything_again) {
  make("d/f", "1", 1h);
  make("g", "1", 1h);
  settle("d/f", "1");
  settle("g", "1");
  make("d/f", "2", 1h);
  turn();
  EXPECT_NE(cost_of("d/f", "2"), 0U);
  EXPECT_NE(cost_of("g", "1"), 0U);
  // And watches again.
  settle("d/f", "2");
  EXPECT_EQ(cost_of("d/f", "2"), 0U);
}

}  // namespace
}  // namespace quire::server
