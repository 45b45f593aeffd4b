#include <quire/buffer/page_pool.hpp>
#include <quire/server/doctor.hpp>
#include <quire/server/machine.hpp>

#include "tests/io/temporary_directory.hpp"
#include QUIRE_BACK_ENDS

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

namespace quire::server {
namespace {

std::vector<finding_group> some_findings() {
  return {{"Limits",
           {{"open files", "64", verdict::costs, "few connections", "ulimit -n 100"},
            {"memory", "8 KiB"}}},
          {"Nothing to say", {}},
          {"Files", {{"directory", "a \"b\"\\", verdict::good}}}};
}

TEST(doctor, the_table_has_costs_and_advice_below_what_they_belong_to) {
  EXPECT_EQ(report_text(some_findings()),
            "Limits\n"
            "  -     open files  64\n"
            "                    cost: few connections\n"
            "                    do: ulimit -n 100\n"
            "        memory      8 KiB\n"
            "\n"
            "Files\n"
            "  ok    directory   a \"b\"\\\n"
            "\n"
            "quire can serve here.\n");
}

TEST(doctor, programs_get_one_json_object) {
  EXPECT_EQ(
      report_json(some_findings()),
      R"({"serves":true,"groups":[{"title":"Limits","findings":[)"
      R"({"name":"open files","value":"64","verdict":"costs","cost":"few connections","advice":"ulimit -n 100"},)"
      R"({"name":"memory","value":"8 KiB","verdict":"fact","cost":"","advice":""}]},)"
      R"({"title":"Nothing to say","findings":[]},)"
      R"({"title":"Files","findings":[{"name":"directory","value":"a \"b\"\\","verdict":"good","cost":"","advice":""}]}]})"
      "\n");
}

TEST(doctor, json_is_utf_8_whatever_a_directory_is_called) {
  std::string const json = report_json({{"Files", {{"directory", "a\xff\xc3\xa9"}}}});
  EXPECT_NE(json.find(R"("value":"a???")"), std::string::npos) << json;
}

TEST(doctor, one_fatal_finding_says_that_serving_is_impossible) {
  auto groups = some_findings();
  EXPECT_TRUE(can_serve(groups));
  groups[2].findings.push_back({"directory", "x", verdict::fatal, "there is none", {}});
  EXPECT_FALSE(can_serve(groups));
  EXPECT_TRUE(report_json(groups).starts_with(R"({"serves":false,)"));
  EXPECT_TRUE(
      report_text(groups).ends_with("  FAIL  directory   x\n"
                                    "                    cost: there is none\n"
                                    "\nquire cannot serve here.\n"));
}

int serve(settings const&, std::size_t, std::string_view) {
  return 0;
}

TEST(doctor, no_back_end_that_works_is_fatal) {
  std::array<back_end, 1> const there = {
      back_end{"uring", [] { return std::string("io_uring is forbidden here"); }, serve}};
  auto const groups = examine(there, ".");
  EXPECT_FALSE(can_serve(groups));
  auto const& found = groups.front().findings;
  auto const it = std::find_if(found.begin(), found.end(),
                               [](finding const& f) { return f.name == "--io uring"; });
  ASSERT_NE(it, found.end());
  EXPECT_EQ(it->value, "does not work");
  EXPECT_EQ(it->cost, "io_uring is forbidden here");
}

TEST(doctor, what_a_back_end_says_of_itself_is_a_group) {
  std::array<back_end, 1> const there = {
      back_end{"epoll", [] { return std::string(); }, serve,
               [] {
                 return std::vector<finding>{{"edge", "sharp", verdict::good}};
               }}};
  auto const groups = examine(there, ".");
  ASSERT_GE(groups.size(), 2U);
  EXPECT_EQ(groups[1].title, "--io epoll needs");
  ASSERT_EQ(groups[1].findings.size(), 1U);
  EXPECT_EQ(groups[1].findings[0].value, "sharp");
}

std::string value_of(std::vector<finding> const& findings, std::string_view name) {
  for (finding const& f : findings) {
    if (f.name == name) return f.value;
  }
  return "absent";
}

// Whatever this machine has or lacks.
TEST(doctor, what_is_missing_states_its_cost_and_what_is_there_none) {
  test::temporary_directory site;
  site.make_file("file", std::string(5000, 'a'));
  for (finding_group const& g : examine({}, site.root())) {
    for (finding const& f : g.findings) {
      SCOPED_TRACE(g.title + ": " + f.name);
      EXPECT_FALSE(f.value.empty());
      EXPECT_EQ(f.cost.empty(), f.judged == verdict::good || f.judged == verdict::fact);
      EXPECT_TRUE(f.advice.empty() || !f.cost.empty());
    }
  }
}

// Reads a page of a file as the server does; how the file was read in the end.
template <class Proactor>
class one_read {
 public:
  explicit one_read(std::string const& root) {
    EXPECT_EQ(error_, io::error::none);
    loop_.open(root_, root, error_);
    EXPECT_EQ(error_, io::error::none);
    open_.template bind<&one_read::ignore>(this);
    read_.template bind<&one_read::ignore>(this);
    loop_.open(root_, open_, "file", io::file_mode::direct);
    run(open_);
    loop_.adopt(file_, open_);
    page* const p = pool_.acquire();
    mutable_span const span{p->write_position(), p->writable()};
    loop_.read(file_, read_, 0, {&span, 1});
    run(read_);
    pool_.release(p);
  }
  ~one_read() {
    loop_.close(file_);
    loop_.close(root_);
  }

  std::string told() const {
    if (file_.mode() != io::file_mode::direct) return "no";
    return "yes, aligned to " + std::to_string(file_.alignment());
  }

 private:
  void ignore() noexcept {}
  template <class Operation>
  void run(Operation const& op) {
    while (!op.idle()) loop_.run_once(io::wait::yes);
    EXPECT_EQ(op.result(), io::error::none);
  }

  page_pool pool_{4U << 20};
  io::error error_ = io::error::other;
  Proactor loop_{{.pool = &pool_}, error_};
  typename Proactor::directory root_;
  typename Proactor::file file_;
  typename Proactor::open_operation open_;
  typename Proactor::read_operation read_;
};

template <class Proactor>
class doctor_of : public testing::Test {};
TYPED_TEST_SUITE(doctor_of, test::server_back_ends);

TYPED_TEST(doctor_of, direct_reads_are_told_as_the_server_finds_them) {
  page_pool pool(4U << 20);
  io::error e = io::error::other;
  TypeParam const loop({.pool = &pool}, e);
  if (e != io::error::none) GTEST_SKIP() << "this back end is not allowed here";
  // One that holds its files in memory, if there is one, has none; a disk has.
  for (std::filesystem::path const& where :
       {std::filesystem::temp_directory_path(), std::filesystem::current_path()}) {
    test::temporary_directory site(where);
    site.make_file("file", std::string(5000, 'a'));
    one_read<TypeParam> const read(site.root());
    EXPECT_EQ(value_of(examine_files(site.root()), "direct reads"), read.told()) << where;
  }
}

}  // namespace
}  // namespace quire::server
