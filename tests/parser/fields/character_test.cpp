#include <quire/parser/fields/caseless.hpp>
#include <quire/parser/fields/character.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::http;

namespace {

template <class Predicate>
std::string members(Predicate in) {
  std::string out;
  for (int octet = 0; octet < 256; ++octet) {
    if (in(static_cast<char>(octet))) out += static_cast<char>(octet);
  }
  return out;
}

std::string octets(int first, int last) {
  std::string out;
  for (int octet = first; octet <= last; ++octet) out += static_cast<char>(octet);
  return out;
}

TEST(character, has_the_classes_of_the_grammar) {
  std::string const digits = "0123456789";
  std::string const upper = octets('A', 'Z');
  std::string const lower = octets('a', 'z');
  EXPECT_EQ(members(character::is_digit), digits);
  EXPECT_EQ(members(character::is_hexadecimal), digits + "ABCDEF" + "abcdef");
  EXPECT_EQ(members(character::is_alpha), upper + lower);
  EXPECT_EQ(members(character::is_visible), octets(0x21, 0x7e));
  EXPECT_EQ(members(character::is_blank), "\t ");
  EXPECT_EQ(members(character::is_token), "!#$%&'*+-." + digits + upper + "^_`" + lower + "|~");
  EXPECT_EQ(members(character::is_quoted_text),
            "\t !" + octets(0x23, 0x5b) + octets(0x5d, 0x7e) + octets(0x80, 0xff));
  EXPECT_EQ(members(character::is_escapable), "\t" + octets(0x20, 0x7e) + octets(0x80, 0xff));
  EXPECT_EQ(members(character::is_comment_text), "\t" + octets(0x20, 0x27) + octets(0x2a, 0x5b) +
                                                     octets(0x5d, 0x7e) + octets(0x80, 0xff));
  EXPECT_EQ(members(character::is_entity_tag), "!" + octets(0x23, 0x7e) + octets(0x80, 0xff));
  EXPECT_EQ(members(character::is_unreserved), "-." + digits + upper + "_" + lower + "~");
  EXPECT_EQ(members(character::is_path),
            "!$&'()*+,-./" + digits + ":;=@" + upper + "_" + lower + "~");
}

TEST(character, reads_digits_of_both_kinds) {
  for (int i = 0; i < 16; ++i) {
    EXPECT_EQ(character::hexadecimal_value("0123456789abcdef"[i]), i);
    EXPECT_EQ(character::hexadecimal_value("0123456789ABCDEF"[i]), i);
  }
  EXPECT_EQ(character::digit_value('7'), 7);
}

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
