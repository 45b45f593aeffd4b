#include <quire/parser/fields/list.hpp>

#include <gtest/gtest.h>

#include <string>
#include <vector>

using namespace quire::http;

namespace {

// The elements between "<" and ">", then what ended them: nothing, or the error and its position.
std::string read_all(std::string_view value, list_syntax syntax = list_syntax::plain) {
  char const* const errors[] = {"none", "open quoted-string", "open comment", "bad octet",
                                "empty elements"};
  list_reader reader{value, syntax};
  std::string out;
  std::string_view element;
  while (true) {
    switch (reader.next(element)) {
      case list_reader::result::element:
        EXPECT_EQ(value.substr(reader.position(), element.size()), element);
        out += "<" + std::string(element) + ">";
        break;
      case list_reader::result::end:
        EXPECT_EQ(reader.next(element), list_reader::result::end);
        return out;
      case list_reader::result::malformed:
        EXPECT_EQ(reader.next(element), list_reader::result::malformed);
        return out + errors[static_cast<int>(reader.error())] + " at " +
               std::to_string(reader.position());
    }
  }
}

TEST(list, gives_elements_without_the_white_space_around) {
  EXPECT_EQ(read_all(""), "");
  EXPECT_EQ(read_all("a"), "<a>");
  EXPECT_EQ(read_all("a,b"), "<a><b>");
  EXPECT_EQ(read_all(" \ta \t,\t b c\t "), "<a><b c>");
  EXPECT_EQ(read_all("gzip;q=0.5 , *"), "<gzip;q=0.5><*>");
}

TEST(list, skips_empty_elements) {
  EXPECT_EQ(read_all(","), "");
  EXPECT_EQ(read_all(" , \t,"), "");
  EXPECT_EQ(read_all(",a,,b, ,c,"), "<a><b><c>");
}

TEST(list, bounds_the_number_of_empty_elements) {
  EXPECT_EQ(read_all(std::string(16, ',')), "");
  EXPECT_EQ(read_all(std::string(17, ',')), "empty elements at 16");
  EXPECT_EQ(read_all("a" + std::string(17, ',') + "b"), "<a><b>");
  EXPECT_EQ(read_all("a" + std::string(18, ',') + "b"), "<a>empty elements at 18");
  std::string spread, full;
  for (int i = 0; i < 16; ++i) spread += "a,,";
  for (int i = 0; i < 1000; ++i) full += "a,";
  EXPECT_EQ(read_all(spread).size(), 16 * 3u);
  EXPECT_EQ(read_all(full).size(), 1000 * 3u);
  EXPECT_EQ(read_all(spread + "a,,"), read_all(spread) + "<a>empty elements at 50");
}

TEST(list, does_not_split_quoted_strings) {
  EXPECT_EQ(read_all(R"("a,b",c)"), R"(<"a,b"><c>)");
  EXPECT_EQ(read_all(R"(x="a\",b", y)"), R"(<x="a\",b"><y>)");
  EXPECT_EQ(read_all(R"("a\\",b)"), R"(<"a\\"><b>)");
  EXPECT_EQ(read_all("\" \" ,a"), "<\" \"><a>");
  EXPECT_EQ(read_all("\"\x80\xff\t\""), "<\"\x80\xff\t\">");
}

TEST(list, splits_comments_only_where_there_are_some) {
  EXPECT_EQ(read_all("1.1 a (b, c), 1.0 d", list_syntax::comments), "<1.1 a (b, c)><1.0 d>");
  EXPECT_EQ(read_all("a (b (c, d) \\), e), f", list_syntax::comments), "<a (b (c, d) \\), e)><f>");
  EXPECT_EQ(read_all("a (\"b), c", list_syntax::comments), "<a (\"b)><c>");
  EXPECT_EQ(read_all("a (b, c)"), "<a (b><c)>");
}

TEST(list, says_what_is_wrong_and_where) {
  using namespace std::string_view_literals;
  EXPECT_EQ(read_all("a, \"b"), "<a>open quoted-string at 3");
  EXPECT_EQ(read_all("\"a\\"), "open quoted-string at 0");
  EXPECT_EQ(read_all("\"a\\\""), "open quoted-string at 0");
  EXPECT_EQ(read_all("a, \"b\r\""), "<a>bad octet at 5");
  EXPECT_EQ(read_all("\"a\\\n\""), "bad octet at 3");
  EXPECT_EQ(read_all("a\0b"sv), "bad octet at 1");
  EXPECT_EQ(read_all("\x7f"), "bad octet at 0");
  EXPECT_EQ(read_all("a (b", list_syntax::comments), "open comment at 2");
  EXPECT_EQ(read_all("(\\", list_syntax::comments), "open comment at 0");
  EXPECT_EQ(read_all("(a\n)", list_syntax::comments), "bad octet at 2");
  EXPECT_EQ(read_all(std::string(16, '(') + std::string(16, ')'), list_syntax::comments).size(),
            34u);
  EXPECT_EQ(read_all(std::string(17, '(') + std::string(17, ')'), list_syntax::comments),
            "open comment at 0");
}

// All values of up to eight octets over those that mean something, against a splitter that knows
// only whether it is inside quotes.
TEST(list, agrees_with_a_slow_splitter_on_all_short_values) {
  auto const slow = [](std::string const& value) {
    std::vector<std::string> elements(1);
    bool quoted = false;
    for (std::size_t i = 0; i < value.size(); ++i) {
      if (value[i] == ',' && !quoted) {
        elements.emplace_back();
        continue;
      }
      elements.back() += value[i];
      if (value[i] == '"') quoted = !quoted;
      if (value[i] == '\\' && quoted && i + 1 < value.size()) elements.back() += value[++i];
    }
    std::string out;
    for (std::size_t k = 0; k < elements.size(); ++k) {
      auto& element = elements[k];
      if (k + 1 == elements.size() && quoted) return out + "open";
      while (element.starts_with(' ')) element.erase(0, 1);
      while (element.ends_with(' ')) element.pop_back();
      if (!element.empty()) out += "<" + element + ">";
    }
    return out;
  };
  for (int size = 0; size <= 8; ++size) {
    int count = 1;
    for (int i = 0; i < size; ++i) count *= 5;
    for (int n = 0; n < count; ++n) {
      std::string value;
      for (int i = 0, rest = n; i < size; ++i, rest /= 5) value += "\", a\\"[rest % 5];
      auto got = read_all(value);
      if (auto const open = got.find("open"); open != std::string::npos) got.resize(open + 4);
      ASSERT_EQ(got, slow(value)) << value;
    }
  }
}

}  // namespace
