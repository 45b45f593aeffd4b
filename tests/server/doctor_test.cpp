#include <quire/server/doctor.hpp>

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

}  // namespace
}  // namespace quire::server
