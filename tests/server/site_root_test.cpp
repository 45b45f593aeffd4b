// A root whose path leads elsewhere after a while, or nowhere.
#include "tests/server/file_loader_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <string>

namespace quire::server {
namespace {

using namespace std::chrono_literals;

class site_root_test : public file_loader_fixture {
 protected:
  explicit site_root_test(io::sim::faults faults = {}) : file_loader_fixture(faults, "current") {
    // Two sites, of which the first is the current one.
    for (char const* site : {"1", "2"}) {
      loop_.files().make_file(std::string("sites/") + site + "/f", site);
      loop_.files().make_file(std::string("sites/") + site + "/f.br", std::string(site) + " as br");
      loop_.files().make_file(std::string("sites/") + site + "/only" + site, site);
    }
    move_to("1");
    EXPECT_EQ(services_.root.open(), io::error::none);
    services_.changes.start();
  }
  ~site_root_test() override {
    services_.changes.stop();
    while (!services_.changes.idle()) loop_.run_once(io::wait::yes);
  }
  void move_to(std::string const& site) {
    loop_.files().remove("current");
    loop_.files().make_link("current", "sites/" + site);
  }
};

TEST_F(site_root_test, a_link_that_moves_leads_to_the_other_site_within_half_a_second) {
  EXPECT_EQ(load("f").content, "1");
  EXPECT_EQ(load("only1").content, "1");
  move_to("2");
  sleep(site_root<proactor>::trust + 1ms);
  EXPECT_EQ(load("f").content, "2");
  EXPECT_EQ(load("only1").error, io::error::not_found);
  EXPECT_EQ(load("only2").content, "2");
}

TEST_F(site_root_test, where_requests_are_frequent_nobody_waits_and_all_see_it) {
  move_to("2");
  bool seen = false;
  for (int i = 0; i != 100; ++i) {
    loaded const l = load("f");
    EXPECT_LT(l.took, 1ms);
    EXPECT_FALSE(seen && l.content == "1") << "back to the old site";
    seen = l.content == "2";
    sleep(6ms);
  }
  EXPECT_TRUE(seen);
}

TEST_F(site_root_test, a_root_that_is_gone_comes_back) {
  EXPECT_EQ(load("f").content, "1");
  loop_.files().remove("current");
  sleep(site_root<proactor>::trust + 1ms);
  EXPECT_EQ(load("f").outcome, load_outcome::no_site);
  EXPECT_EQ(load("f").outcome, load_outcome::no_site);
  EXPECT_EQ(services_.cache.count(), 0U);
  loop_.files().make_link("current", "sites/2");
  EXPECT_EQ(load("f").content, "2");
}

// Each operation takes its time, so that the site can change between any two.
class site_root_on_a_slow_disk : public site_root_test {
 protected:
  site_root_on_a_slow_disk() : site_root_test({.late_disk = 1024}) {}
};

TEST_F(site_root_on_a_slow_disk, a_request_that_began_on_a_site_ends_on_it) {
  std::uint64_t operations = 0;
  int swapped_meanwhile = 0;
  for (std::uint64_t at = 0; at <= operations; ++at) {
    move_to("1");
    sleep(2s);
    load("absent");
    // Ages so that the next request looks at the root beside its file.
    sleep(site_root<proactor>::trust / 2 + 1ms);
    auto* const old = services_.root.current();
    services_.root.retain(*old);
    services_.cache.clear();
    std::uint64_t const begin = loop_.operations();
    bool moved = false;
    // Its file, then what lies beside that, then the encoded form.
    loaded const l = load(
        "f",
        [&] {
          if (moved || loop_.operations() - begin < at) return;
          moved = true;
          move_to("2");
        },
        "br");
    std::uint64_t const took = loop_.operations() - begin;
    bool const swapped = services_.root.current() != old;
    services_.root.release(*old);
    EXPECT_EQ(l.outcome, load_outcome::found);
    EXPECT_EQ(l.content, "1 as br") << "after operation " << at;
    // What the old site had is not kept for the new one.
    if (swapped) {
      ++swapped_meanwhile;
      EXPECT_EQ(services_.cache.find("f"), nullptr);
    }
    sleep(2s);
    EXPECT_EQ(load("f").content, moved ? "2" : "1");
    if (at < 3) operations = std::max(operations, took);
  }
  EXPECT_GT(operations, 5U);
  EXPECT_GT(swapped_meanwhile, 0);
}

}  // namespace
}  // namespace quire::server
