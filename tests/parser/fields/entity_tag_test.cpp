#include <quire/parser/fields/entity_tag.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace quire::http;

namespace {

using comparison = entity_tag_comparison;
using match = entity_tag_match;

std::string read_tags(std::string_view list) {
  entity_tag_reader reader{list};
  std::string out;
  entity_tag tag;
  while (true) {
    switch (reader.next(tag)) {
      case entity_tag_reader::result::tag:
        out += (tag.weak ? "w<" : "<") + std::string(tag.opaque) + ">";
        break;
      case entity_tag_reader::result::end:
        return out;
      case entity_tag_reader::result::malformed:
        EXPECT_EQ(reader.next(tag), entity_tag_reader::result::malformed);
        return out + "!";
    }
  }
}

TEST(entity_tag, parses_strong_and_weak_tags) {
  EXPECT_EQ(parse_entity_tag(R"("xyzzy")")->opaque, "xyzzy");
  EXPECT_FALSE(parse_entity_tag(R"("xyzzy")")->weak);
  EXPECT_EQ(parse_entity_tag(R"(W/"xyzzy")")->opaque, "xyzzy");
  EXPECT_TRUE(parse_entity_tag(R"(W/"xyzzy")")->weak);
  EXPECT_EQ(parse_entity_tag(R"("")")->opaque, "");
  EXPECT_EQ(parse_entity_tag(R"("a\")")->opaque, "a\\");
  EXPECT_EQ(parse_entity_tag("\"a,b;\x80\xff\"")->opaque, "a,b;\x80\xff");
}

TEST(entity_tag, refuses_what_is_no_tag) {
  using namespace std::string_view_literals;
  for (auto const row :
       {""sv,          "a"sv,         "\""sv,     "W/"sv,         "W/\""sv,      "\"a"sv,
        "a\""sv,       "w/\"a\""sv,   "W\"a\""sv, "W/a"sv,        "\"a b\""sv,   "\"a\tb\""sv,
        "\"a\0b\""sv,  "\"a\x7f\""sv, "\"a\"b"sv, " \"a\""sv,     "\"a\" "sv,    "W/ \"a\""sv,
        "W/W/\"a\""sv, "'a'"sv,       "*"sv,      "\"a\"\"b\""sv, "\"a\"-gzip"sv}) {
    EXPECT_FALSE(parse_entity_tag(row)) << row;
  }
}

// The table of RFC 9110, section 8.8.3.2.
TEST(entity_tag, compares_as_the_table_of_the_rfc) {
  entity_tag const weak_1{"1", true}, weak_2{"2", true}, strong_1{"1", false};
  EXPECT_FALSE(equal_strong(weak_1, weak_1));
  EXPECT_TRUE(equal_weak(weak_1, weak_1));
  EXPECT_FALSE(equal_strong(weak_1, weak_2));
  EXPECT_FALSE(equal_weak(weak_1, weak_2));
  EXPECT_FALSE(equal_strong(weak_1, strong_1));
  EXPECT_FALSE(equal_strong(strong_1, weak_1));
  EXPECT_TRUE(equal_weak(weak_1, strong_1));
  EXPECT_TRUE(equal_strong(strong_1, strong_1));
  EXPECT_TRUE(equal_weak(strong_1, strong_1));
}

TEST(entity_tag, reads_lists) {
  EXPECT_EQ(read_tags(""), "");
  EXPECT_EQ(read_tags(" , ,\t"), "");
  EXPECT_EQ(read_tags(R"("a")"), "<a>");
  EXPECT_EQ(read_tags(R"("a","b")"), "<a><b>");
  EXPECT_EQ(read_tags("\"a\" \t,\t \"b\""), "<a><b>");
  EXPECT_EQ(read_tags(R"(,"a",,W/"b",)"), "<a>w<b>");
  EXPECT_EQ(read_tags(R"("a,b","c\","d")"), "<a,b><c\\><d>");
  EXPECT_EQ(read_tags(R"("a" "b")"), "!");
  EXPECT_EQ(read_tags(R"("a""b")"), "!");
  EXPECT_EQ(read_tags(R"("a",b)"), "<a>!");
  EXPECT_EQ(read_tags(R"("a",*)"), "<a>!");
  EXPECT_EQ(read_tags(R"("a","b)"), "<a>!");
  EXPECT_EQ(read_tags(R"("a";"b")"), "!");
}

TEST(entity_tag, matches_a_list) {
  entity_tag const current{"b", false};
  EXPECT_EQ(match_entity_tags("*", current, comparison::weak), match::any);
  EXPECT_EQ(match_entity_tags(" * ", current, comparison::strong), match::any);
  EXPECT_EQ(match_entity_tags("**", current, comparison::weak), match::malformed);
  EXPECT_EQ(match_entity_tags("*,\"b\"", current, comparison::weak), match::malformed);
  EXPECT_EQ(match_entity_tags("\"b\",*", current, comparison::weak), match::malformed);
  EXPECT_EQ(match_entity_tags("\"a\", \"b\"", current, comparison::strong), match::one);
  EXPECT_EQ(match_entity_tags("\"a\", W/\"b\"", current, comparison::strong), match::none);
  EXPECT_EQ(match_entity_tags("\"a\", W/\"b\"", current, comparison::weak), match::one);
  EXPECT_EQ(match_entity_tags("\"b\", \"a\"", current, comparison::strong), match::one);
  EXPECT_EQ(match_entity_tags("\"b\", garbage", current, comparison::weak), match::malformed);
  EXPECT_EQ(match_entity_tags("b", current, comparison::weak), match::malformed);
  EXPECT_EQ(match_entity_tags("", current, comparison::weak), match::none);
  EXPECT_EQ(match_entity_tags("\"B\"", current, comparison::weak), match::none);
  EXPECT_EQ(match_entity_tags("\"b\"", current, comparison::weak), match::one);
  EXPECT_EQ(match_entity_tags("\"b\"", current, comparison::strong), match::one);
  EXPECT_EQ(match_entity_tags("W/\"b\"", current, comparison::weak), match::one);
  EXPECT_EQ(match_entity_tags("\"c\"", current, comparison::weak), match::none);
  EXPECT_EQ(match_entity_tags("\"b\"", {"b", true}, comparison::weak), match::one);
  EXPECT_EQ(match_entity_tags("\"b\"", {"b", true}, comparison::strong), match::none);
}

// All texts up to seven octets over the octets that mean something, against a grammar that splits
// first and judges then.
TEST(entity_tag, agrees_with_a_slow_reader_on_all_short_lists) {
  std::string const alphabet = "\"W/,a ";
  auto const slow = [](std::string_view text) {
    std::string out;
    std::vector<std::string> elements(1);
    bool quoted = false;
    for (char const c : text) {
      if (c == '"') quoted = !quoted;
      if (c == ',' && !quoted)
        elements.emplace_back();
      else
        elements.back() += c;
    }
    for (auto element : elements) {
      while (element.starts_with(' ')) element.erase(0, 1);
      while (element.ends_with(' ')) element.pop_back();
      if (element.empty()) continue;
      bool const weak = element.starts_with("W/");
      if (weak) element.erase(0, 2);
      bool const framed = element.size() >= 2 && element.front() == '"' && element.back() == '"';
      std::string const inner = framed ? element.substr(1, element.size() - 2) : "\"";
      if (inner.find_first_of("\" ") != std::string::npos) return out + "!";
      out += (weak ? "w<" : "<") + inner + ">";
    }
    return out;
  };
  for (std::size_t size = 0; size <= 7; ++size) {
    std::vector<std::size_t> digits(size, 0);
    for (bool more = true; more;) {
      std::string text;
      for (auto const digit : digits) text += alphabet[digit];
      ASSERT_EQ(read_tags(text), slow(text)) << text;
      more = false;
      for (auto& digit : digits) {
        digit = (digit + 1) % alphabet.size();
        if (digit != 0) {
          more = true;
          break;
        }
      }
    }
  }
}

}  // namespace
