#include <quire/parser/fields/parameters.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::http;

namespace {

std::string meaning(quoted_text const& text) {
  std::string out;
  for (char const c : text) out += c;
  return out;
}

std::string read_parameters(std::string_view text) {
  parameter_reader reader{text};
  std::string out;
  parameter next;
  while (true) {
    switch (reader.next(next)) {
      case parameter_reader::result::parameter:
        out += "<" + std::string(next.name) + (next.value.quoted() ? "=\"" : "=") +
               meaning(next.value) + ">";
        break;
      case parameter_reader::result::end:
        return out;
      case parameter_reader::result::malformed:
        EXPECT_EQ(reader.next(next), parameter_reader::result::malformed);
        return out + "malformed at " + std::to_string(reader.position());
    }
  }
}

TEST(parameters, reads_tokens_and_quoted_strings) {
  EXPECT_EQ(read_parameters(""), "");
  EXPECT_EQ(read_parameters(";a=b"), "<a=b>");
  EXPECT_EQ(read_parameters(" ; a=b\t;\tc=d "), "<a=b><c=d>");
  EXPECT_EQ(read_parameters(";a=\"b c\";d=\"\""), "<a=\"b c><d=\">");
  EXPECT_EQ(read_parameters(";a=\"b\\\"\\\\c\\d;e\""), "<a=\"b\"\\cd;e>");
  EXPECT_EQ(read_parameters(";;a=b; ;"), "<a=b>");
  EXPECT_EQ(read_parameters(" "), "");
}

TEST(parameters, refuses_what_is_no_parameter) {
  using namespace std::string_view_literals;
  EXPECT_EQ(read_parameters("a=b"), "malformed at 0");
  EXPECT_EQ(read_parameters(" a=b"), "malformed at 1");
  EXPECT_EQ(read_parameters(";a"), "malformed at 1");
  EXPECT_EQ(read_parameters(";a="), "malformed at 3");
  EXPECT_EQ(read_parameters(";=b"), "malformed at 1");
  EXPECT_EQ(read_parameters(";a =b"), "malformed at 1");
  EXPECT_EQ(read_parameters(";a= b"), "malformed at 3");
  EXPECT_EQ(read_parameters(";a=b c=d"), "<a=b>malformed at 5");
  EXPECT_EQ(read_parameters(";a=\"b\"c"), "<a=\"b>malformed at 6");
  EXPECT_EQ(read_parameters(";a=\"b"), "malformed at 3");
  EXPECT_EQ(read_parameters(";a=\"b\\\""), "malformed at 3");
  EXPECT_EQ(read_parameters(";a=\"b\\"), "malformed at 3");
  EXPECT_EQ(read_parameters(";a=\"\n\""), "malformed at 3");
  EXPECT_EQ(read_parameters(";a=\"\0\""sv), "malformed at 3");
  EXPECT_EQ(read_parameters(";a=\x80"), "malformed at 3");
  EXPECT_EQ(read_parameters(";a=b,c"), "<a=b>malformed at 4");
}

TEST(parameters, compares_without_copying) {
  quoted_text const quoted{"a\\\"B\\c", true};
  EXPECT_TRUE(quoted.equals("a\"Bc"));
  EXPECT_FALSE(quoted.equals("a\"bc"));
  EXPECT_TRUE(quoted.equals_caseless("A\"bC"));
  EXPECT_FALSE(quoted.equals("a\"B"));
  EXPECT_FALSE(quoted.equals("a\"Bcd"));
  EXPECT_FALSE(quoted.equals_caseless("a\"Bcd"));
  EXPECT_FALSE(quoted.equals_caseless("a\"B"));
  EXPECT_TRUE(quoted_text().equals(""));
  EXPECT_TRUE(quoted_text("UTF-8", false).equals_caseless("utf-8"));
}

TEST(parameters, copies_to_the_memory_it_is_given) {
  char out[4];
  quoted_text const quoted{"a\\\"bc", true};
  ASSERT_EQ(quoted.copy_to(out), 4u);
  EXPECT_EQ(std::string(out, 4), "a\"bc");
  EXPECT_EQ(quoted.copy_to(std::span(out).first(3)), std::nullopt);
  EXPECT_EQ(quoted_text().copy_to({}), 0u);
}

TEST(parameters, measures_tokens_and_quoted_strings) {
  EXPECT_EQ(token_size("abc def"), 3u);
  EXPECT_EQ(token_size(""), 0u);
  EXPECT_EQ(token_size("\"a\""), 0u);
  EXPECT_TRUE(is_token("!#$%&'*+-.^_`|~09azAZ"));
  EXPECT_FALSE(is_token(""));
  EXPECT_FALSE(is_token("a b"));
  EXPECT_EQ(quoted_string_size("\"a\\\"b\" c"), 6u);
  EXPECT_EQ(quoted_string_size("\"\""), 2u);
  EXPECT_EQ(quoted_string_size("\""), 0u);
  EXPECT_EQ(quoted_string_size(" \"\""), 0u);
}

TEST(parameters, splits_media_types) {
  auto const html = parse_media_type("text/html; charset=\"utf-8\"").value();
  EXPECT_EQ(html.type, "text");
  EXPECT_EQ(html.subtype, "html");
  EXPECT_EQ(read_parameters(html.parameters), "<charset=\"utf-8>");
  EXPECT_EQ(parse_media_type("image/svg+xml")->subtype, "svg+xml");
  EXPECT_EQ(parse_media_type("*/*;q=0.1")->type, "*");
  for (auto const* text : {"", "text", "text/", "/html", "text /html", "text/ html", "text/html,a",
                           "text/html/x", "te\"xt/html", " text/html"}) {
    EXPECT_FALSE(parse_media_type(text)) << text;
  }
}

}  // namespace
