#include <quire/parser/fields/quality.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>
#include <string_view>

using namespace quire::http;

namespace {

TEST(quality, parses_every_qvalue) {
  for (int value = 0; value <= 1000; ++value) {
    char text[16];
    std::snprintf(text, sizeof text, "%d.%03d", value / 1000, value % 1000);
    EXPECT_EQ(parse_quality(text), value) << text;
  }
  EXPECT_EQ(parse_quality("0"), 0);
  EXPECT_EQ(parse_quality("1"), 1000);
  EXPECT_EQ(parse_quality("0."), 0);
  EXPECT_EQ(parse_quality("1."), 1000);
  EXPECT_EQ(parse_quality("0.5"), 500);
  EXPECT_EQ(parse_quality("0.05"), 50);
  EXPECT_EQ(parse_quality("1.00"), 1000);
}

TEST(quality, refuses_what_is_no_qvalue) {
  for (auto const* text :
       {"",   ".",  ".5",   "2",    "1.001", "1.1", "0.0001", "0,5",  "-0", "-1",    "+1",
        "00", "01", "0.5 ", " 0.5", "0x1",   "1e0", "0.a",    "0..5", "10", "1.0000"}) {
    EXPECT_FALSE(parse_quality(text)) << text;
  }
}

TEST(quality, reads_accept_encoding) {
  accept_encoding_reader reader{"gzip, br;q=0.8 ,*;Q=0"};
  using result = accept_encoding_reader::result;
  weighted_coding next;
  ASSERT_EQ(reader.next(next), result::coding);
  EXPECT_EQ(next.coding, "gzip");
  EXPECT_EQ(next.quality, 1000);
  ASSERT_EQ(reader.next(next), result::coding);
  EXPECT_EQ(next.coding, "br");
  EXPECT_EQ(next.quality, 800);
  ASSERT_EQ(reader.next(next), result::coding);
  EXPECT_EQ(next.coding, "*");
  EXPECT_EQ(next.quality, 0);
  EXPECT_EQ(reader.next(next), result::end);
}

TEST(quality, reads_nothing_after_a_malformed_element) {
  accept_encoding_reader reader{"gzip;q=2, br"};
  weighted_coding next;
  EXPECT_EQ(reader.next(next), accept_encoding_reader::result::malformed);
  EXPECT_EQ(reader.next(next), accept_encoding_reader::result::malformed);
}

struct row {
  char const* accepted;
  int gzip;
  int br;
  int identity;
};

TEST(quality, follows_the_rules_for_codings) {
  row const rows[] = {
      {"", 0, 0, 1},
      {"gzip", 1000, 0, 1},
      {"gzip, br;q=0.5", 1000, 500, 1},
      {"GZIP;q=0.3", 300, 0, 1},
      {"x-gzip", 1000, 0, 1},
      {"*", 1000, 1000, 1000},
      {"*;q=0.1, br", 100, 1000, 100},
      {"gzip;q=0", 0, 0, 1},
      {"gzip;q=0, *", 0, 1000, 1000},
      {"*;q=0", 0, 0, 0},
      {"gzip, *;q=0", 1000, 0, 0},
      {"gzip, identity;q=0", 1000, 0, 0},
      {"identity;q=0.5, *;q=0", 0, 0, 500},
      {"identity", 0, 0, 1000},
      {"compress, gzip", 1000, 0, 1},
      {"gzip;q=1.0, gzip;q=0", 0, 0, 1},
      {"gzip;q=0, gzip;q=1.0", 0, 0, 1},
      {"gzip;q=0.000", 0, 0, 1},
      {",, gzip ,,", 1000, 0, 1},
      {"gzipx, xgzip", 0, 0, 1},
  };
  for (auto const& row : rows) {
    EXPECT_EQ(coding_quality(row.accepted, "gzip"), row.gzip) << row.accepted;
    EXPECT_EQ(coding_quality(row.accepted, "br"), row.br) << row.accepted;
    EXPECT_EQ(coding_quality(row.accepted, "identity"), row.identity) << row.accepted;
    std::array<std::string_view, 3> const codings = {"identity", "x-gzip", "br"};
    std::array<int, 3> all{};
    coding_qualities(row.accepted, codings, all);
    EXPECT_EQ(all, (std::array{row.identity, row.gzip, row.br})) << row.accepted;
  }
  EXPECT_EQ(coding_quality("gzip", "x-GZIP"), 1000);
}

TEST(quality, accepts_only_identity_by_a_malformed_field) {
  for (auto const* text :
       {"gzip;q=2", "gzip;q", "gzip;q=", "gzip;q=\"1\"", "gzip;level=1", "gzip;q=1;level=1",
        "gzip br", "gzip;q=0.5 br", "gz ip", "\"gzip\"", "gzip, \"", "gzip, br;q=1.5", "gzip;;q=1;",
        ";q=1", "identity;q=0, gzip;q=x"}) {
    EXPECT_EQ(coding_quality(text, "gzip"), 0) << text;
    EXPECT_EQ(coding_quality(text, "identity"), 1) << text;
  }
}

}  // namespace
