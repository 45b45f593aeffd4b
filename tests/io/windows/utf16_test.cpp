#include <quire/io/windows/utf16.hpp>

#include <gtest/gtest.h>

#include <array>
#include <string>

namespace quire::io::nt {
namespace {

std::optional<std::u16string> wide(std::string_view text) {
  std::array<char16_t, 64> memory;
  auto const size = to_utf16(text, memory);
  if (!size) return std::nullopt;
  return std::u16string(memory.data(), *size);
}

std::optional<std::string> narrow(std::u16string_view text) {
  std::array<char, 64> memory;
  auto const size = to_utf8(text, memory);
  if (!size) return std::nullopt;
  return std::string(memory.data(), *size);
}

TEST(utf16, translates_text_of_every_size_both_ways) {
  struct {
    char const* utf8;
    char16_t const* utf16;
  } const pairs[] = {{"", u""},
                     {"page.html", u"page.html"},
                     {"\x7f\xc2\x80", u"\x7f\u0080"},
                     {"\xc3\xbc\xdf\xbf", u"\u00fc\u07ff"},
                     {"\xe0\xa0\x80\xe2\x82\xac\xef\xbf\xbf", u"\u0800\u20ac\uffff"},
                     {"\xed\x9f\xbf\xee\x80\x80", u"\ud7ff\ue000"},
                     {"\xf0\x90\x80\x80\xf0\x9f\x98\x80", u"\U00010000\U0001f600"},
                     {"\xf4\x8f\xbf\xbf", u"\U0010ffff"}};
  for (auto const& pair : pairs) {
    EXPECT_EQ(wide(pair.utf8), pair.utf16) << pair.utf8;
    EXPECT_EQ(narrow(pair.utf16), pair.utf8) << pair.utf8;
  }
}

TEST(utf16, every_character_comes_back) {
  for (char32_t c = 1; c <= 0x10ffff; ++c) {
    if (c >= 0xd800 && c <= 0xdfff) continue;
    std::u16string text;
    if (c < 0x10000) {
      text += static_cast<char16_t>(c);
    } else {
      text += static_cast<char16_t>(0xd800 + ((c - 0x10000) >> 10));
      text += static_cast<char16_t>(0xdc00 + (c & 0x3ff));
    }
    auto const utf8 = narrow(text);
    ASSERT_TRUE(utf8) << std::hex << static_cast<unsigned long>(c);
    ASSERT_EQ(wide(*utf8), text) << std::hex << static_cast<unsigned long>(c);
  }
}

TEST(utf16, refuses_what_is_no_utf8) {
  for (char const* text : {"\x80",
                           "\xbf",
                           "a\x80",
                           "\xc0\x80",
                           "\xc0\xae",
                           "\xc1\xbf",
                           "\xe0\x80\xaf",
                           "\xe0\x9f\xbf",
                           "\xf0\x80\x80\xae",
                           "\xf0\x8f\xbf\xbf",
                           "\xed\xa0\x80",
                           "\xed\xbf\xbf",
                           "\xf4\x90\x80\x80",
                           "\xf5\x80\x80\x80",
                           "\xf8\x88\x80\x80\x80",
                           "\xff",
                           "\xfe",
                           "\xc3",
                           "\xe2\x82",
                           "\xf0\x9f\x98",
                           "\xc3(",
                           "\xe2(\xac",
                           "\xe2\x82(",
                           "\xf0\x9f\x98(",
                           "\xfc"}) {
    EXPECT_FALSE(wide(text)) << text;
  }
}

TEST(utf16, refuses_a_surrogate_that_stands_alone) {
  for (std::u16string const& text :
       {std::u16string(1, 0xd800), std::u16string(1, 0xdc00), std::u16string(2, 0xd800),
        std::u16string(2, 0xdfff), std::u16string{0xd83d, u'a'}, std::u16string{0xdfff, 0xd800}}) {
    EXPECT_FALSE(narrow(text));
  }
}

TEST(utf16, refuses_what_does_not_fit) {
  std::array<char16_t, 2> units;
  EXPECT_EQ(to_utf16("ab", units), 2u);
  EXPECT_FALSE(to_utf16("abc", units));
  EXPECT_FALSE(to_utf16("a\xf0\x9f\x98\x80", units));
  std::array<char, 4> octets;
  EXPECT_EQ(to_utf8(u"\U0001f600", octets), 4u);
  EXPECT_FALSE(to_utf8(u"a\U0001f600", octets));
  EXPECT_FALSE(to_utf8(u"ab\u20ac", octets));
}

}  // namespace
}  // namespace quire::io::nt
