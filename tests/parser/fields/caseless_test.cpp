#include <quire/parser/fields/caseless.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::http;

namespace {

TEST(caseless, regards_only_the_case_of_ascii_letters) {
  for (int a = 0; a < 256; ++a) {
    for (int b = 0; b < 256; ++b) {
      auto const lower = [](int c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; };
      std::string const x(1, static_cast<char>(a)), y(1, static_cast<char>(b));
      EXPECT_EQ(equal_caseless(x, y), lower(a) == lower(b));
    }
  }
  EXPECT_TRUE(equal_caseless("GzIp", "gzip"));
  EXPECT_FALSE(equal_caseless("gzip", "gzi"));
  EXPECT_TRUE(starts_with_caseless("GZIP;q", "gzip"));
  EXPECT_FALSE(starts_with_caseless("gzi", "gzip"));
}

TEST(caseless, trims_spaces_and_tabs) {
  EXPECT_EQ(trim_blanks(" \ta b\t "), "a b");
  EXPECT_EQ(trim_blanks(" \t "), "");
  EXPECT_EQ(trim_blanks("\r\na"), "\r\na");
}

}  // namespace
