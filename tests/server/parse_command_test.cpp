#include <quire/server/json_text.hpp>
#include <quire/server/parse_command.hpp>

#include <gtest/gtest.h>
#include <sstream>
#include <string>

namespace quire::server {
namespace {

struct outcome {
  std::string text;
  int exit_code;
};

outcome parse(std::string const& octets, parse_options options = {}) {
  std::istringstream in(octets);
  std::ostringstream out;
  int const exit_code = run_parse(options, in, out);
  return {out.str(), exit_code};
}

// The output is the same, content joined, however the octets are read.
void expect_one_output(std::string const& octets, parse_options options = {}) {
  options.join = true;
  outcome const wanted = parse(octets, options);
  for (std::size_t const feed : {1u, 2u, 7u, 100u}) {
    for (std::size_t const page_size : {16u, 100u, 4096u}) {
      parse_options other = options;
      other.feed = feed;
      other.page_size = page_size;
      EXPECT_EQ(parse(octets, other).text, wanted.text);
      other.core = true;
      EXPECT_EQ(parse(octets, other).text, wanted.text);
      EXPECT_EQ(parse(octets, other).exit_code, wanted.exit_code);
    }
  }
}

std::string const head = "POST /a HTTP/1.1\r\nHost: b\r\nTransfer-Encoding: chunked\r\n\r\n";

TEST(parse_command, writes_one_object_a_line) {
  outcome const said = parse(head + "2\r\n\xffy\r\n0\r\nT: \"\t\r\n\r\n");
  EXPECT_EQ(said.exit_code, 0);
  EXPECT_EQ(said.text,
            "{\"node\":\"method\",\"text\":\"POST\",\"offset\":0}\n"
            "{\"node\":\"target\",\"text\":\"/a\",\"offset\":5}\n"
            "{\"node\":\"version\",\"text\":\"HTTP/1.1\",\"offset\":8}\n"
            "{\"node\":\"field-name\",\"text\":\"Host\",\"offset\":18}\n"
            "{\"node\":\"field-value\",\"text\":\"b\",\"offset\":24}\n"
            "{\"node\":\"field-name\",\"text\":\"Transfer-Encoding\",\"offset\":27}\n"
            "{\"node\":\"field-value\",\"text\":\"chunked\",\"offset\":46}\n"
            "{\"node\":\"fields-end\",\"text\":\"\",\"offset\":57}\n"
            "{\"node\":\"content\",\"base64\":\"/3k=\",\"offset\":60}\n"
            "{\"node\":\"trailer-name\",\"text\":\"T\",\"offset\":67}\n"
            "{\"node\":\"trailer-value\",\"text\":\"\\\"\",\"offset\":70}\n"
            "{\"node\":\"end\",\"text\":\"\",\"offset\":76}\n");
}

TEST(parse_command, says_what_is_wrong_and_where) {
  outcome const said = parse("GET / HTTP/1.1\r\nA : b\r\n\r\n");
  EXPECT_EQ(said.exit_code, 1);
  EXPECT_NE(
      said.text.find(
          "{\"error\":\"white-space-before-colon\",\"offset\":17,\"section\":\"RFC 9112, 5.1\","
          "\"message\":\"a field name must not be followed by white space\"}\n"),
      std::string::npos)
      << said.text;
}

TEST(parse_command, says_that_the_input_ends_inside_a_message) {
  EXPECT_EQ(parse("GET /").exit_code, 3);
  EXPECT_TRUE(parse("GET / HTTP/1.1\r\nA").text.ends_with("{\"incomplete\":true,\"offset\":17}\n"));
  EXPECT_EQ(parse("G").exit_code, 3);
  EXPECT_EQ(parse("\r").exit_code, 3);
  EXPECT_EQ(parse("").exit_code, 0);
  EXPECT_EQ(parse("\r\n").exit_code, 0);
  parse_options response;
  response.response = true;
  EXPECT_EQ(parse("HTTP/1.1", response).exit_code, 3);
}

TEST(parse_command, leaves_alone_what_follows_the_last_message) {
  EXPECT_TRUE(
      parse("GET / HTTP/1.0\r\n\r\nabc")
          .text.ends_with("{\"untouched\":3,\"offset\":18,\"why\":\"connection-closes\"}\n"));
  EXPECT_TRUE(parse("CONNECT a:1 HTTP/1.1\r\n\r\nab")
                  .text.ends_with("{\"untouched\":2,\"offset\":24,\"why\":\"handed-over\"}\n"));
  EXPECT_TRUE(parse("GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: a\r\n\r\nab")
                  .text.ends_with("{\"untouched\":2,\"offset\":51,\"why\":\"upgrade\"}\n"));
  parse_options response;
  response.response = true;
  EXPECT_TRUE(
      parse("HTTP/1.1 204 \r\n\r\nHTTx", response)
          .text.ends_with("{\"untouched\":4,\"offset\":17,\"why\":\"behind-last-response\"}\n"));
}

TEST(parse_command, applies_the_rules_for_host_only_when_asked) {
  parse_options options;
  EXPECT_EQ(parse("GET / HTTP/1.1\r\n\r\n", options).exit_code, 0);
  options.host_rules = true;
  EXPECT_EQ(parse("GET / HTTP/1.1\r\n\r\n", options).exit_code, 1);
}

TEST(parse_command, writes_the_same_however_it_reads) {
  expect_one_output(head +
                    "1;a=b\r\nx\r\n10\r\n0123456789abcdef\r\n0\r\n\r\nGET /b HTTP/1.1\r\n\r\n");
  expect_one_output("GET / HTTP/1.0\r\n\r\nabc");
  expect_one_output("GET / HTTP/1.1\r\nLong: " + std::string(300, 'x') + "\r\n\r\n\r");
  expect_one_output(head + "3\r\nab");
  expect_one_output("GET / HTTP/1.1\r\nA\x01: b\r\n\r\n");
  parse_options response;
  response.response = true;
  expect_one_output("HTTP/1.1 100 \r\n\r\nHTTP/1.1 204 \r\n\r\nHTTP/1.1 200 \r\n\r\nbody",
                    response);
  expect_one_output("HTTP/1.1 204 \r\n\r\nHTTP", response);
  expect_one_output("HTTP/1.1 204 \r\n\r\nHTxP", response);
}

TEST(json_text, knows_utf_8_from_what_is_not) {
  for (char const* good : {"", "a", "\xc2\x80", "\xe0\xa0\x80", "\xef\xbf\xbf", "\xf0\x90\x80\x80",
                           "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (char const* bad : {"\x80", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80",
                          "\xf0\x8f\xbf\xbf", "\xf4\x90\x80\x80", "\xff"}) {
    EXPECT_FALSE(is_utf8(bad)) << bad;
  }
}

TEST(json_text, writes_base64_with_padding) {
  std::string out;
  for (char const* text : {"", "f", "fo", "foo", "foob"}) append_base64(out, std::string(text));
  EXPECT_EQ(out, "Zg==Zm8=Zm9vZm9vYg==");
}

}  // namespace
}  // namespace quire::server
