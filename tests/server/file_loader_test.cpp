// Files that change while they are loaded, in a simulated world.
#include "tests/server/file_loader_fixture.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {
namespace {

using namespace std::chrono_literals;
using proactor = io::sim::proactor;
using file_loader_test = file_loader_fixture;

TEST_F(file_loader_test, a_file_at_rest_is_there_at_once) {
  make("f", "old", 1h);
  loaded const l = load("f");
  EXPECT_EQ(l.outcome, load_outcome::found);
  EXPECT_EQ(l.content, "old");
  EXPECT_LT(l.took, 1ms);
}

TEST_F(file_loader_test, a_file_that_has_just_changed_is_waited_for_once) {
  make("f", "new", 5ms);
  EXPECT_GE(load("f").took, 15ms);
  EXPECT_LT(load("f").took, 1ms);
}

TEST_F(file_loader_test, a_file_whose_time_lies_ahead_is_waited_for_once) {
  make("f", "new", -1h);
  loaded const l = load("f");
  EXPECT_EQ(l.content, "new");
  EXPECT_GE(l.took, 20ms);
  EXPECT_LT(l.took, 100ms);
  EXPECT_LT(load("f").took, 1ms);
}

// The content is larger than one read takes, so that each read may see another version.
std::string version(int i) {
  return std::string(700'000, static_cast<char>('a' + i));
}

// Each operation takes its time, so that something can happen between any two.
class file_loader_on_a_slow_disk : public file_loader_test {
 protected:
  file_loader_on_a_slow_disk() : file_loader_test({.late_disk = 1024}) {}
};

TEST_F(file_loader_on_a_slow_disk, a_change_after_any_operation_never_mixes) {
  std::uint64_t operations = 0;
  for (std::uint64_t at = 0; at <= operations; ++at) {
    std::string const name = "f" + std::to_string(at);
    make(name, version(0), 1h);
    std::uint64_t const begin = loop_.operations();
    bool changed = false;
    loaded const l = load(name, [&] {
      if (changed || loop_.operations() - begin < at) return;
      changed = true;
      make(name, version(1), 0s);
    });
    EXPECT_EQ(l.outcome, load_outcome::found);
    EXPECT_TRUE(l.content == version(0) || l.content == version(1)) << "after operation " << at;
    if (at < 3) operations = std::max(operations, loop_.operations() - begin);
  }
  EXPECT_GT(operations, 5U);
}

TEST_F(file_loader_test, a_file_that_changes_all_the_time_is_unstable) {
  make("f", version(0), 0s);
  int i = 0;
  loaded const l = load("f", [&] { make("f", version(++i % 26), 0s); });
  EXPECT_EQ(l.outcome, load_outcome::unstable);
  EXPECT_LT(l.took, 2s);
  EXPECT_EQ(load("f").outcome, load_outcome::found);
}

TEST_F(file_loader_test, a_write_in_progress_is_waited_for) {
  make("f", version(0), 1h);
  now_ = loop_.now();
  loop_.files().set_clock(stamp(-1s));
  loop_.files().begin_write("f");
  int turns = 0;
  loaded const l = load("f", [&] {
    if (++turns == 100) loop_.files().end_write("f", version(1));
  });
  EXPECT_TRUE(l.content == version(1));
  EXPECT_GE(turns, 100);
}

// Several requests for one file.
struct asker {
  explicit asker(services<proactor>& s) : loader(s), shared(s) {}
  void start(std::string_view path) {
    std::memcpy(loader.path_memory(), path.data(), path.size());
    done = loader.start<&asker::on_loaded>(this, path.size());
  }
  void on_loaded() noexcept { done = true; }
  std::string content() {
    if (auto* const found = loader.take()) {
      std::string text(found->content.begin(), found->content.end());
      shared.cache.release(*found);
      return text;
    }
    return {};
  }

  file_loader<proactor> loader;
  services<proactor>& shared;
  bool done = false;
};

class file_loader_of_many : public file_loader_on_a_slow_disk {
 protected:
  void turn_until_done() {
    while (!std::all_of(askers_.begin(), askers_.end(),
                        [](asker const& a) { return a.done || a.loader.idle(); })) {
      turn();
    }
  }
  void turn() {
    loop_.run_once(io::wait::yes);
    now_ = loop_.now();
  }

  std::deque<asker> askers_;
};

TEST_F(file_loader_of_many, ask_for_a_cold_file_and_one_of_them_reads_it) {
  make("f", version(0), 1h);
  std::uint64_t const before = loop_.operations();
  loaded const alone = load("f");
  std::uint64_t const one = loop_.operations() - before;
  make("g", version(0), 1h);
  std::uint64_t const begin = loop_.operations();
  // They come one after the other, while the first one reads.
  for (int i = 0; i != 100; ++i) {
    askers_.emplace_back(services_).start("g");
    if (i % 10 == 0) turn();
  }
  turn_until_done();
  for (asker& a : askers_) EXPECT_TRUE(a.content() == version(0));
  // Those who came later look once more, together.
  EXPECT_LE(loop_.operations() - begin, one + 4);
  EXPECT_TRUE(alone.content == version(0));
}

TEST_F(file_loader_of_many, each_may_leave_alone_also_the_one_that_reads) {
  make("f", version(0), 1h);
  for (int i = 0; i != 20; ++i) askers_.emplace_back(services_).start("f");
  turn();
  for (std::size_t i = 0; i < 20; i += 3) askers_[i].loader.cancel();
  turn_until_done();
  for (std::size_t i = 0; i != 20; ++i) {
    EXPECT_TRUE(askers_[i].content() == (i % 3 == 0 ? "" : version(0))) << i;
  }
}

TEST_F(file_loader_of_many, find_that_there_is_none_by_one_look) {
  std::uint64_t const begin = loop_.operations();
  for (int i = 0; i != 100; ++i) askers_.emplace_back(services_).start("absent");
  turn_until_done();
  for (asker& a : askers_) EXPECT_EQ(a.loader.error(), io::error::not_found);
  EXPECT_EQ(loop_.operations() - begin, 1U);
}

TEST_F(file_loader_of_many, without_a_cache_each_gets_one_generation) {
  settings_.cache_size = 0;
  services<proactor> uncached(loop_, pool_, settings_, 1, nullptr, &time_of_day);
  error_ = uncached.root.open();
  make("f", "some text", 1h);
  for (int i = 0; i != 10; ++i) askers_.emplace_back(uncached).start("f");
  turn_until_done();
  for (asker& a : askers_) EXPECT_EQ(a.content(), "some text");
  EXPECT_EQ(uncached.cache.count(), 0U);
  askers_.clear();
}

class file_loader_on_a_broken_disk : public file_loader_test {
 protected:
  file_loader_on_a_broken_disk() : file_loader_test({.read_fails = 1024}) {}
};

TEST_F(file_loader_on_a_broken_disk, a_read_that_fails_is_a_failure) {
  make("f", "text", 1h);
  loaded const l = load("f");
  EXPECT_EQ(l.outcome, load_outcome::failed);
  EXPECT_EQ(l.error, io::error::device_failure);
  EXPECT_EQ(services_.cache.count(), 0U);
}

}  // namespace
}  // namespace quire::server
