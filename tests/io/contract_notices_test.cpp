// The contract: the clause about change notices, 27.
#include "tests/io/contract_fixture.hpp"

#include <algorithm>
#include <string>
#include <vector>

namespace quire::test {
namespace {

struct told {
  int watch;
  io::change what;
  std::string name;
};

template <class BackEnd>
class contract_notices : public contract<BackEnd> {
 protected:
  using base = contract<BackEnd>;
  using watch_op = recorded<typename base::proactor::watch_operation>;

  contract_notices() { this->open_root(); }

  // False where the system tells of nothing.
  bool is_told() {
    error const e = try_watch("", root_watch);
    if (e == error::unsupported) return false;
    EXPECT_EQ(e, error::none);
    return true;
  }
  error try_watch(std::string_view path, int& number) {
    watch_op watched;
    this->loop.watch(this->root, watched.op, path);
    this->run_until_done(watched);
    if (watched.result() == error::none) number = watched.op.number();
    return watched.result();
  }
  // All that is told by now.
  std::vector<told> take_notices() {
    std::vector<told> all;
    io::change_notice n;
    while (this->loop.next_notice(n)) all.push_back({n.watch, n.what, std::string(n.name)});
    return all;
  }
  bool hears(int watch, std::string_view name) { return holds(take_notices(), watch, name); }
  static bool holds(std::vector<told> const& all, int watch, std::string_view name) {
    return std::any_of(all.begin(), all.end(),
                       [&](told const& t) { return t.watch == watch && t.name == name; });
  }

  int root_watch = -1;
};
TYPED_TEST_SUITE(contract_notices, back_ends_and_file_systems, back_end_name);

#define SKIP_UNLESS_TOLD() \
  if (!this->is_told()) GTEST_SKIP() << "no changes are told here"

TYPED_TEST(contract_notices, contract_27_a_change_is_told_when_it_has_been_made) {
  SKIP_UNLESS_TOLD();
  EXPECT_TRUE(this->take_notices().empty());
  for (int i = 0; i != 300; ++i) {
    this->files.make_file("f", "text");
    auto const created = this->take_notices();
    ASSERT_TRUE(this->holds(created, this->root_watch, "f")) << i;
    EXPECT_EQ(created[0].what, io::change::name);
    this->files.overwrite_file("f", "more");
    auto const changed = this->take_notices();
    ASSERT_TRUE(this->holds(changed, this->root_watch, "f")) << i;
    EXPECT_EQ(changed[0].what, io::change::content);
    this->files.remove("f");
    auto const removed = this->take_notices();
    ASSERT_TRUE(this->holds(removed, this->root_watch, "f")) << i;
    EXPECT_EQ(removed.back().what, io::change::name);
  }
  EXPECT_TRUE(this->take_notices().empty());
}

TYPED_TEST(contract_notices, contract_27_each_watch_has_its_number_until_it_ends) {
  SKIP_UNLESS_TOLD();
  this->files.make_directory("d");
  this->files.make_directory("e");
  int d = -1;
  int again = -1;
  ASSERT_EQ(this->try_watch("d", d), error::none);
  ASSERT_EQ(this->try_watch("d", again), error::none);
  EXPECT_EQ(d, again);
  EXPECT_NE(d, this->root_watch);
  this->take_notices();
  this->files.make_file("e/unseen", "x");
  EXPECT_TRUE(this->take_notices().empty());
  this->files.make_file("d/seen", "x");
  EXPECT_TRUE(this->hears(d, "seen"));
  this->loop.unwatch(d);
  this->files.make_file("d/other", "x");
  EXPECT_FALSE(this->hears(d, "other"));
  this->files.make_file("last", "x");
  EXPECT_TRUE(this->hears(this->root_watch, "last"));
}

TYPED_TEST(contract_notices, contract_27_too_many_changes_are_told_to_be_lost) {
  SKIP_UNLESS_TOLD();
  for (std::size_t i = 0; i != 6000; ++i) {
    this->files.make_file("f", "x");
    this->files.remove("f");
  }
  auto const all = this->take_notices();
  EXPECT_TRUE(std::any_of(all.begin(), all.end(),
                          [](told const& t) { return t.what == io::change::lost; }));
  // Those that come afterwards are told again.
  this->files.make_file("last", "x");
  EXPECT_TRUE(this->hears(this->root_watch, "last"));
}

TYPED_TEST(contract_notices, contract_27_what_is_no_directory_is_not_watched) {
  SKIP_UNLESS_TOLD();
  this->files.make_file("f", "text");
  int number = -1;
  EXPECT_EQ(this->try_watch("absent", number), error::not_found);
  EXPECT_EQ(this->try_watch("absent/d", number), error::not_found);
  EXPECT_EQ(this->try_watch("f", number), error::not_a_directory);
  EXPECT_EQ(number, -1);
}

template <class BackEnd>
using contract_notices_and_links = contract_notices<BackEnd>;
TYPED_TEST_SUITE(contract_notices_and_links, back_ends_with_links, back_end_name);

TYPED_TEST(contract_notices_and_links, contract_27_what_links_lead_to_is_not_watched) {
  SKIP_UNLESS_TOLD();
  this->files.make_directory("d");
  this->files.make_file("d/f", "text");
  this->files.make_link("link", "d");
  this->files.make_link("d/to_file", "f");
  int number = -1;
  EXPECT_NE(this->try_watch("link", number), error::none);
  auto const has_one_path = [&](std::string_view path, error expected) {
    typename TestFixture::open_op opened;
    this->loop.open(this->root, opened.op, path);
    this->run_until_done(opened);
    EXPECT_EQ(opened.result(), expected) << path;
    if (opened.result() == error::none) this->loop.discard(opened.op);
    return opened.op.has_one_path();
  };
  EXPECT_TRUE(has_one_path("d", error::none));
  EXPECT_TRUE(has_one_path("d/f", error::none));
  EXPECT_TRUE(has_one_path("absent", error::not_found));
  EXPECT_TRUE(has_one_path("d/absent", error::not_found));
  EXPECT_TRUE(has_one_path("absent/f", error::not_found));
  EXPECT_FALSE(has_one_path("d/to_file", error::none));
  EXPECT_FALSE(has_one_path("link", error::none));
  EXPECT_FALSE(has_one_path("link/f", error::none));
  EXPECT_FALSE(has_one_path("link/absent", error::not_found));
}

}  // namespace
}  // namespace quire::test
