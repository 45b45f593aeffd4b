#include <quire/server/site/content_coding.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {
namespace {

// The name of what is chosen.
std::string chosen(std::string_view accept_encoding, std::string_view available = "br,zstd,gzip") {
  auto const set = parse_coding_set(available);
  if (!set) return "no set";
  auto const coding = negotiate(accepted_codings(accept_encoding), *set);
  if (!coding) return "nothing";
  return *coding == content_coding::identity ? "identity" : std::string(name_of(*coding).name);
}

TEST(content_coding, an_empty_field_accepts_nothing_that_is_encoded) {
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

// Whatever came between, and wherever it is remembered.
TEST(content_coding, what_is_remembered_is_what_would_be_read) {
  std::vector<std::string> texts = {
      "",     "gzip",         "br",      "br;q=0, gzip",           "gzip;q=0, br",
      "zstd", "identity;q=0", "*;q=0.5", "gzip, deflate, br, zstd"};
  for (std::size_t size = 60; size != 68; ++size) {
    texts.push_back("br;q=0.5," + std::string(size - 9, ' '));
    texts.push_back("gzip;q=0.5," + std::string(size - 11, ' '));
  }
  for (int i = 0; i != 40; ++i) texts.push_back("br;q=0." + std::to_string(100 + i));
  accepted_codings_memo memo;
  std::uint32_t random = 1;
  for (int i = 0; i != 10'000; ++i) {
    random = random * 1664525 + 1013904223;
    std::string const& text = texts[(random >> 16) % texts.size()];
    accepted_codings const& remembered = memo.of(text);
    accepted_codings const read(text);
    for (auto const c : {content_coding::br, content_coding::zstd, content_coding::gzip,
                         content_coding::identity}) {
      ASSERT_EQ(remembered.quality(c), read.quality(c)) << text;
    }
  }
}

}  // namespace
}  // namespace quire::server
