#include <quire/server/site/content_coding.hpp>

#include <gtest/gtest.h>

#include <string>

namespace quire::server {
namespace {

// The name of what is chosen.
std::string chosen(std::optional<std::string_view> accept_encoding,
                   std::string_view available = "br,zstd,gzip") {
  auto const set = parse_coding_set(available);
  if (!set) return "no set";
  auto const coding = negotiate(accept_encoding, *set);
  if (!coding) return "nothing";
  return *coding == content_coding::identity ? "identity" : std::string(name_of(*coding).name);
}

TEST(content_coding, without_the_field_nothing_is_encoded) {
  EXPECT_EQ(chosen({}), "identity");
  EXPECT_EQ(chosen(""), "identity");
}

TEST(content_coding, the_highest_quality_wins_and_else_what_packs_best) {
  EXPECT_EQ(chosen("gzip, deflate, br, zstd"), "br");
  EXPECT_EQ(chosen("gzip, zstd"), "zstd");
  EXPECT_EQ(chosen("GZIP"), "gzip");
  EXPECT_EQ(chosen("x-gzip"), "gzip");
  EXPECT_EQ(chosen("br;q=0.5, gzip;q=0.8"), "gzip");
  EXPECT_EQ(chosen("br;q=0.5, gzip;q=0.5"), "br");
  EXPECT_EQ(chosen("br;q=0, gzip"), "gzip");
  EXPECT_EQ(chosen("*"), "br");
  EXPECT_EQ(chosen("br;q=0, *;q=0.1"), "zstd");
  EXPECT_EQ(chosen("deflate"), "identity");
}

TEST(content_coding, what_is_not_there_is_not_chosen) {
  EXPECT_EQ(chosen("br, gzip;q=0.1", "gzip"), "gzip");
  EXPECT_EQ(chosen("br, zstd", "gzip"), "identity");
  EXPECT_EQ(chosen("*", "off"), "identity");
  EXPECT_EQ(chosen("gzip, br", "off"), "identity");
}

TEST(content_coding, identity_may_be_wanted_more_or_not_at_all) {
  EXPECT_EQ(chosen("identity, br;q=0.5"), "identity");
  EXPECT_EQ(chosen("identity;q=0.5, br;q=0.5"), "br");
  EXPECT_EQ(chosen("identity;q=0, br"), "br");
  EXPECT_EQ(chosen("identity;q=0"), "nothing");
  EXPECT_EQ(chosen("*;q=0"), "nothing");
  EXPECT_EQ(chosen("identity;q=0", "off"), "nothing");
  EXPECT_EQ(chosen("gzip;q=0, identity;q=0", "gzip"), "nothing");
}

TEST(content_coding, a_malformed_field_accepts_identity) {
  EXPECT_EQ(chosen("br;q=2"), "identity");
  EXPECT_EQ(chosen("br gzip"), "identity");
  EXPECT_EQ(chosen("br;q=1;q=0"), "identity");
}

TEST(content_coding, sets_are_read_as_they_are_written) {
  EXPECT_EQ(parse_coding_set("gzip,br,zstd"), coding_set::all());
  EXPECT_EQ(parse_coding_set("off"), coding_set{});
  for (char const* text : {"", "deflate", "br,", ",br", "br,off", "BR", "br, gzip"}) {
    EXPECT_FALSE(parse_coding_set(text)) << text;
  }
}

}  // namespace
}  // namespace quire::server
