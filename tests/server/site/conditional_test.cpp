#include <quire/server/site/conditional.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <vector>

using namespace quire::server;
using verdict = precondition_verdict;

namespace {

constexpr std::int64_t now = 784198177;  // Mon, 07 Nov 1994 08:49:37 GMT
constexpr char const* at = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr char const* before = "Sun, 06 Nov 1994 08:49:36 GMT";
constexpr char const* after = "Sun, 06 Nov 1994 08:49:38 GMT";
constexpr char const* in_the_future = "Tue, 08 Nov 1994 08:49:37 GMT";

validators const current = {{"b", false}, 784111777};

verdict evaluate(preconditions const& request) {
  return evaluate_preconditions(request, current, now);
}

TEST(conditional, proceeds_without_preconditions) {
  EXPECT_EQ(evaluate({}), verdict::proceed);
}

TEST(conditional, compares_if_match_strongly) {
  EXPECT_EQ(evaluate({.if_match = "\"b\""}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_match = "\"a\", \"b\""}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_match = "*"}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_match = "W/\"b\""}), verdict::precondition_failed);
  EXPECT_EQ(evaluate({.if_match = "\"a\""}), verdict::precondition_failed);
  EXPECT_EQ(evaluate({.if_match = ""}), verdict::precondition_failed);
  EXPECT_EQ(evaluate({.if_match = "b"}), verdict::precondition_failed);
}

TEST(conditional, compares_if_none_match_weakly) {
  EXPECT_EQ(evaluate({.if_none_match = "\"b\""}), verdict::not_modified);
  EXPECT_EQ(evaluate({.if_none_match = "W/\"b\""}), verdict::not_modified);
  EXPECT_EQ(evaluate({.if_none_match = "\"a\", W/\"b\""}), verdict::not_modified);
  EXPECT_EQ(evaluate({.if_none_match = "*"}), verdict::not_modified);
  EXPECT_EQ(evaluate({.if_none_match = "\"a\""}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_none_match = ""}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_none_match = "b"}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_none_match = "\"b\", garbage"}), verdict::proceed);
}

TEST(conditional, evaluates_if_modified_since) {
  EXPECT_EQ(evaluate({.if_modified_since = at}), verdict::not_modified);
  EXPECT_EQ(evaluate({.if_modified_since = after}), verdict::not_modified);
  EXPECT_EQ(evaluate({.if_modified_since = before}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_modified_since = "Sunday, 06-Nov-94 08:49:37 GMT"}),
            verdict::not_modified);
  EXPECT_EQ(evaluate({.if_modified_since = "Sun Nov  6 08:49:37 1994"}), verdict::not_modified);
}

TEST(conditional, evaluates_if_unmodified_since) {
  EXPECT_EQ(evaluate({.if_unmodified_since = at}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_unmodified_since = after}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_unmodified_since = before}), verdict::precondition_failed);
}

TEST(conditional, ignores_dates_that_are_malformed) {
  for (auto const* date : {"", "yesterday", "0", "Mon, 06 Nov 1994 08:49:37 GMT",
                           "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(evaluate({.if_modified_since = date}), verdict::proceed) << date;
    EXPECT_EQ(evaluate({.if_unmodified_since = date}), verdict::proceed) << date;
  }
}

TEST(conditional, takes_a_date_in_the_future_by_its_word) {
  for (auto const* date : {in_the_future, "Fri, 01 Jan 2100 00:00:00 GMT"}) {
    EXPECT_EQ(evaluate({.if_modified_since = date}), verdict::not_modified) << date;
    EXPECT_EQ(evaluate({.if_unmodified_since = date}), verdict::proceed) << date;
  }
}

TEST(conditional, lets_tags_take_the_place_of_dates) {
  EXPECT_EQ(evaluate({.if_none_match = "\"a\"", .if_modified_since = at}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_none_match = "", .if_modified_since = at}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_none_match = "\"b\"", .if_modified_since = before}),
            verdict::not_modified);
  EXPECT_EQ(evaluate({.if_match = "\"b\"", .if_unmodified_since = before}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_match = "\"a\"", .if_unmodified_since = at}),
            verdict::precondition_failed);
}

TEST(conditional, fails_before_it_says_not_modified) {
  EXPECT_EQ(evaluate({.if_match = "\"a\"", .if_none_match = "\"b\""}),
            verdict::precondition_failed);
  EXPECT_EQ(evaluate({.if_unmodified_since = before, .if_none_match = "\"b\""}),
            verdict::precondition_failed);
  EXPECT_EQ(evaluate({.if_match = "\"b\"", .if_none_match = "\"b\""}), verdict::not_modified);
  EXPECT_EQ(evaluate({.if_none_match = "\"b\"", .if_range = "\"a\""}), verdict::not_modified);
}

TEST(conditional, takes_if_range_only_from_strong_validators) {
  EXPECT_EQ(evaluate({.if_range = "\"b\""}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_range = at}), verdict::proceed);
  EXPECT_EQ(evaluate({.if_range = "Sunday, 06-Nov-94 08:49:37 GMT"}), verdict::proceed);
  for (auto const* field : {"", "\"a\"", "W/\"b\"", "*", "\"b\", \"c\"", "b", before, after,
                            in_the_future, "garbage"}) {
    EXPECT_EQ(evaluate({.if_range = field}), verdict::ignore_range) << field;
  }
  EXPECT_EQ(evaluate_preconditions({.if_range = "\"b\""}, {{"b", true}, {}}, now),
            verdict::ignore_range);
  // Within the second that it names, a file can have changed twice.
  EXPECT_EQ(evaluate_preconditions({.if_range = at}, current, 784111777), verdict::ignore_range);
  EXPECT_EQ(evaluate_preconditions({.if_range = at}, current, 784111778), verdict::proceed);
}

TEST(conditional, knows_no_time_where_there_is_none) {
  validators const undated = {{"b", false}, {}};
  EXPECT_EQ(evaluate_preconditions({.if_modified_since = at}, undated, now), verdict::proceed);
  EXPECT_EQ(evaluate_preconditions({.if_unmodified_since = before}, undated, now),
            verdict::proceed);
  EXPECT_EQ(evaluate_preconditions({.if_range = at}, undated, now), verdict::ignore_range);
}

// All combinations of the five fields, against the steps of section 13.2.2 as they are written.
TEST(conditional, follows_the_steps_of_the_rfc_in_every_combination) {
  struct option {
    std::optional<std::string_view> field;
    bool condition;  // of a field that is there and counts
    bool counts;
  };
  std::vector<option> const match = {
      {{}, false, false}, {"\"b\"", true, true}, {"\"a\"", false, true}};
  std::vector<option> const unmodified = {
      {{}, false, false}, {at, true, true}, {before, false, true}, {"x", false, false}};
  std::vector<option> const none_match = {
      {{}, false, false}, {"\"a\"", true, true}, {"\"b\"", false, true}};
  std::vector<option> const modified = {
      {{}, false, false}, {before, true, true}, {at, false, true}, {"x", false, false}};
  std::vector<option> const range = {
      {{}, false, false}, {"\"b\"", true, true}, {"\"a\"", false, true}};
  for (auto const& m : match)
    for (auto const& u : unmodified)
      for (auto const& n : none_match)
        for (auto const& s : modified)
          for (auto const& r : range) {
            verdict expected = verdict::proceed;
            bool const failed = m.counts ? !m.condition : u.counts && !u.condition;
            bool const unchanged = n.counts ? !n.condition : s.counts && !s.condition;
            if (failed)
              expected = verdict::precondition_failed;
            else if (unchanged)
              expected = verdict::not_modified;
            else if (r.counts && !r.condition)
              expected = verdict::ignore_range;
            EXPECT_EQ(evaluate({m.field, u.field, n.field, s.field, r.field}), expected);
          }
}

TEST(conditional, states_no_time_that_is_still_to_come) {
  EXPECT_EQ(stated_last_modified(1'500'000'000, 10), 1);
  EXPECT_EQ(stated_last_modified(10'999'999'999, 10), 10);
  EXPECT_EQ(stated_last_modified(11'000'000'000, 10), std::nullopt);
  EXPECT_EQ(stated_last_modified(-1, 10), -1);
  EXPECT_EQ(stated_last_modified(-1'000'000'000, 10), -1);
  EXPECT_EQ(stated_last_modified(std::numeric_limits<std::int64_t>::min(), 10), -9223372037);
  EXPECT_EQ(stated_last_modified(std::numeric_limits<std::int64_t>::max(), 10), std::nullopt);
}

}  // namespace
