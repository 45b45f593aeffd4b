#include <quire/parser/fields/range.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>
#include <vector>

using namespace quire::http;

namespace {

// What a Range selects, as text: "0-4,6-9", or the verdict's letter.
std::string resolved(std::string_view value, std::uint64_t length) {
  byte_extent room[8];
  auto const got = resolve_ranges(value, length, room);
  switch (got.verdict) {
    case range_verdict::ignored:
      return "ignored";
    case range_verdict::unsatisfiable:
      return "unsatisfiable";
    case range_verdict::too_many:
      return "too many";
    case range_verdict::whole:
      return "whole";
    case range_verdict::satisfiable:
      break;
  }
  std::string out;
  for (std::size_t i = 0; i != got.count; ++i) {
    out += (i == 0 ? "" : ",") + std::to_string(room[i].first) + "-" + std::to_string(room[i].last);
  }
  return out;
}

TEST(range, resolves_single_ranges) {
  EXPECT_EQ(resolved("bytes=0-0", 10), "0-0");
  EXPECT_EQ(resolved("bytes=0-4", 10), "0-4");
  EXPECT_EQ(resolved("bytes=5-", 10), "5-9");
  EXPECT_EQ(resolved("bytes=9-", 10), "9-9");
  EXPECT_EQ(resolved("bytes=9-9", 10), "9-9");
  EXPECT_EQ(resolved("bytes=9-10", 10), "9-9");
  EXPECT_EQ(resolved("bytes=10-", 10), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=10-12", 10), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=-1", 10), "9-9");
  EXPECT_EQ(resolved("bytes=-10", 10), "0-9");
  EXPECT_EQ(resolved("bytes=-11", 10), "0-9");
  EXPECT_EQ(resolved("bytes=-0", 10), "unsatisfiable");
  EXPECT_EQ(resolved("BYTES=0-4", 10), "0-4");
  EXPECT_EQ(resolved("bytes= 0-4 ", 10), "0-4");
}

TEST(range, resolves_lists_in_their_order) {
  EXPECT_EQ(resolved("bytes=5-6,0-1", 10), "5-6,0-1");
  EXPECT_EQ(resolved("bytes=,0-1 ,\t, 3-4,", 10), "0-1,3-4");
  EXPECT_EQ(resolved("bytes=0-0,99-,-1", 10), "0-0,9-9");
  EXPECT_EQ(resolved("bytes=10-,11-", 10), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=0-9,0-9,0-9", 10), "0-9,0-9,0-9");
}

TEST(range, knows_empty_representations) {
  EXPECT_EQ(resolved("bytes=0-", 0), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=0-0", 0), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=-0", 0), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=-5", 0), "whole");
  EXPECT_EQ(resolved("bytes=0-,-5", 0), "whole");
}

TEST(range, ignores_what_is_malformed_or_of_another_unit) {
  using namespace std::string_view_literals;
  for (auto const row : {""sv,
                         "bytes"sv,
                         "bytes="sv,
                         "bytes=,"sv,
                         "bytes= "sv,
                         "bytes=-"sv,
                         "bytes=a"sv,
                         "bytes=1"sv,
                         "bytes=4-2"sv,
                         "bytes=0-1,4-2"sv,
                         "bytes=0-1;3-4"sv,
                         "bytes=0-1 3-4"sv,
                         "bytes=0 -1"sv,
                         "bytes=0- 1"sv,
                         "bytes=--1"sv,
                         "bytes=1--2"sv,
                         "bytes=+1-2"sv,
                         "bytes=0x1-2"sv,
                         "=0-1"sv,
                         "bytes =0-1"sv,
                         " bytes=0-1"sv,
                         "bytes:0-1"sv,
                         "bytes=0-1-2"sv,
                         "bytes=0-\0"sv,
                         "0-1"sv,
                         "items=0-1"sv,
                         "seconds=1-"sv,
                         "bytes==0-1"sv,
                         "bytes=\"0-1\""sv,
                         "bytes=0-1,x"sv,
                         "byte=0-1"sv,
                         "bytes=1-0"sv,
                         "bytes=18446744073709551615-0"sv}) {
    EXPECT_EQ(resolved(row, 10), "ignored") << row;
  }
}

TEST(range, tells_another_unit_from_no_unit) {
  using result = byte_range_reader::result;
  auto const first = [](std::string_view value) {
    byte_range_spec spec;
    return byte_range_reader{value}.next(spec);
  };
  EXPECT_EQ(first("items=0-1"), result::other_unit);
  EXPECT_EQ(first("items"), result::malformed);
  EXPECT_EQ(first("it ems=0-1"), result::malformed);
  EXPECT_EQ(first("=0-1"), result::malformed);
  EXPECT_EQ(first("bytes=0-1"), result::range);
}

TEST(range, does_not_overflow) {
  EXPECT_EQ(resolved("bytes=0-18446744073709551615", 10), "0-9");
  EXPECT_EQ(resolved("bytes=0-18446744073709551616", 10), "0-9");
  EXPECT_EQ(resolved("bytes=0-99999999999999999999999999999999999999", 10), "0-9");
  EXPECT_EQ(resolved("bytes=18446744073709551616-", 10), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=18446744073709551617-18446744073709551618", 10), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=-99999999999999999999999999999999999999", 10), "0-9");
  EXPECT_EQ(resolved("bytes=00000000000000000000000000000000000001-2", 10), "1-2");
  std::uint64_t const huge = 18446744073709551615u;
  EXPECT_EQ(resolved("bytes=18446744073709551614-", huge),
            "18446744073709551614-18446744073709551614");
  EXPECT_EQ(resolved("bytes=18446744073709551615-", huge), "unsatisfiable");
  EXPECT_EQ(resolved("bytes=-18446744073709551615", huge), "0-18446744073709551614");
}

TEST(range, bounds_the_number_of_ranges) {
  EXPECT_EQ(resolved("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7", 10),
            "0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7");
  EXPECT_EQ(resolved("bytes=0-0,1-1,2-2,3-3,4-4,5-5,6-6,7-7,8-8", 10), "too many");
  EXPECT_EQ(resolved("bytes=99-,99-,99-,99-,99-,99-,99-,99-,99-", 10), "too many");
  EXPECT_EQ(resolve_ranges("bytes=0-0", 10, {}).verdict, range_verdict::too_many);
}

// All specs of positions 0 to 6 on all lengths 0 to 6: the same bytes as a loop over them selects.
TEST(range, selects_the_bytes_that_a_slow_reference_selects) {
  for (int length = 0; length <= 6; ++length) {
    for (int first = -1; first <= 6; ++first) {
      for (int last = -1; last <= 6; ++last) {
        std::string const value = "bytes=" + (first < 0 ? "" : std::to_string(first)) + "-" +
                                  (last < 0 ? "" : std::to_string(last));
        std::vector<int> bytes;
        for (int i = 0; i < length; ++i) {
          bool const in = first < 0 ? i >= length - last : i >= first && (last < 0 || i <= last);
          if (in) bytes.push_back(i);
        }
        bool const malformed = (first < 0 && last < 0) || (last >= 0 && last < first);
        bool const whole = length == 0 && first < 0 && last > 0;
        std::string const expected =
            malformed       ? "ignored"
            : whole         ? "whole"
            : bytes.empty() ? "unsatisfiable"
                            : std::to_string(bytes.front()) + "-" + std::to_string(bytes.back());
        EXPECT_EQ(resolved(value, static_cast<std::uint64_t>(length)), expected)
            << value << " of " << length;
      }
    }
  }
}

std::vector<byte_extent> coalesced(std::vector<byte_extent> extents, std::uint64_t gap) {
  extents.resize(coalesce_extents(extents, gap));
  return extents;
}

TEST(range, coalesces_in_the_order_of_the_first_part) {
  using list = std::vector<byte_extent>;
  EXPECT_EQ(coalesced({}, 0), list{});
  EXPECT_EQ(coalesced({{5, 6}, {0, 1}}, 0), (list{{5, 6}, {0, 1}}));
  EXPECT_EQ(coalesced({{5, 6}, {0, 1}, {2, 4}}, 0), (list{{0, 6}}));
  EXPECT_EQ(coalesced({{0, 1}, {8, 9}, {2, 2}}, 0), (list{{0, 2}, {8, 9}}));
  EXPECT_EQ(coalesced({{0, 1}, {4, 5}}, 1), (list{{0, 1}, {4, 5}}));
  EXPECT_EQ(coalesced({{0, 1}, {4, 5}}, 2), (list{{0, 5}}));
  EXPECT_EQ(coalesced({{0, 18446744073709551614u}, {0, 0}}, 0), (list{{0, 18446744073709551614u}}));
}

// All sets of up to four extents of six bytes: the same bytes, no two results near each other.
TEST(range, coalesces_all_small_sets) {
  std::vector<byte_extent> all;
  for (std::uint64_t first = 0; first < 6; ++first) {
    for (std::uint64_t last = first; last < 6; ++last) all.push_back({first, last});
  }
  auto const check = [](std::vector<byte_extent> const& in) {
    auto const out = coalesced(in, 0);
    std::set<std::uint64_t> before, after;
    for (auto const& e : in)
      for (auto i = e.first; i <= e.last; ++i) before.insert(i);
    for (auto const& e : out)
      for (auto i = e.first; i <= e.last; ++i) {
        ASSERT_TRUE(after.insert(i).second) << "twice: " << i;
        ASSERT_TRUE(i + 1 == e.last + 1 || before.contains(i + 1));
      }
    ASSERT_EQ(before, after);
    for (auto const& a : out)
      for (auto const& b : out) ASSERT_NE(a.last + 1, b.first);
    ASSERT_TRUE(out.empty() || (out[0].first <= in[0].first && in[0].last <= out[0].last));
  };
  for (auto const& a : all)
    for (auto const& b : all) {
      check({a, b});
      for (auto const& c : all) {
        check({a, b, c});
        for (auto const& d : all) check({a, b, c, d});
      }
    }
}

}  // namespace
