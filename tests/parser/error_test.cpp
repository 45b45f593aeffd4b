#include <quire/parser/error.hpp>

#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <cctype>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace quire::http::test {
namespace {

TEST(error, has_a_name_a_section_and_a_sentence_for_each_code) {
  std::set<std::string_view> names;
  for (error_description const& d : error_descriptions) {
    if (d.code == error_code::none) continue;
    EXPECT_TRUE(names.insert(d.name).second) << d.name;
    EXPECT_TRUE(d.section.starts_with("RFC ")) << d.name;
    EXPECT_GE(d.message.size(), 20u) << d.name;
    EXPECT_FALSE(d.message.ends_with('.')) << d.name;
    EXPECT_GE(d.status, 400) << d.name;
    for (char const c : d.name) EXPECT_TRUE(std::isalnum(c) != 0 || c == '-') << d.name;
  }
}

// The code that a request, or a response, ends with.
error_code code_of(std::string const& text, bool response, limits const& limit) {
  reading const how{.response = response ? std::optional(response_to{}) : std::nullopt,
                    .limit = limit};
  return run_core(text, how, {}).error.code;
}

TEST(error, every_code_can_be_reached) {
  limits small;
  small.method_length_max = 8;
  small.target_length_max = 20;
  small.request_line_length_max = 30;
  small.reason_length_max = 3;
  small.field_name_length_max = 20;
  small.field_line_length_max = 40;
  small.field_count_max = 3;
  small.field_section_length_max = 60;
  small.chunk_extensions_length_max = 3;
  std::string const get = "GET / HTTP/1.1\r\nHost:\r\n";
  std::string const chunked = get + "Transfer-Encoding:chunked\r\n\r\n";
  std::vector<std::pair<std::string, bool>> const streams = {
      {"\r\n\r\n", false},
      {"(", false},
      {"ABCDEFGHI", false},
      {"GET /\x01", false},
      {"GET /%x", false},
      {"GET a ", false},
      {"GET http://a@b ", false},
      {"GET /23456789012345678901", false},
      {"OPTIONS /34567890 HTTP/1.1\r\nHost:\r\n\r\nOPTIONS /3456789012345 HTTP", false},
      {"GET  ", false},
      {"GET /\r", false},
      {"GET / h", false},
      {"GET / HTTP/2.0", false},
      {"HTTP/1.1 2x", true},
      {"HTTP/1.1 200 \x01", true},
      {"HTTP/1.1 200 abcd", true},
      {"\rG", false},
      {"\n", false},
      {"GET / HTTP/1.1\r\n ", false},
      {get + " ", false},
      {get + ":", false},
      {get + "(", false},
      {get + "A ", false},
      {get + "A\r", false},
      {get + "A:\x01", false},
      {get + std::string(21, 'a'), false},
      {get + "a:" + std::string(39, 'a'), false},
      {get + "a:\r\nb:\r\nc", false},
      {get + "a:" + std::string(30, 'a') + "\r\nb:" + std::string(30, 'a'), false},
      {"GET / HTTP/1.1\r\n\r\n", false},
      {get + "Host:\r\n", false},
      {"GET / HTTP/1.1\r\nHost:/\r\n", false},
      {get + "Content-Length:a\r\n", false},
      {get + "Content-Length:1\r\nContent-Length:1\r\n", false},
      {get + "Content-Length:9999999999999999999\r\n", false},
      {get + "Transfer-Encoding:,\r\n", false},
      {get + "Transfer-Encoding:a\r\n\r\n", false},
      {get + "Transfer-Encoding:chunked,chunked\r\n", false},
      {get + "Transfer-Encoding:a,chunked\r\n\r\n", false},
      {"GET / HTTP/1.0\r\nTransfer-Encoding:chunked\r\n\r\n", false},
      {get + "Content-Length:1\r\nTransfer-Encoding:chunked\r\n\r\n", false},
      {"CONNECT a:1 HTTP/1.1\r\nHost:\r\nContent-Length:1\r\n\r\n", false},
      {chunked + "x", false},
      {chunked + "00000000000000000", false},
      {chunked + "1;(", false},
      {chunked + "1;abcd", false},
      {chunked + "1\r\nab", false},
      {"GET / HTTP/1.0\r\n\r\nX", false},
      {"CONNECT a:1 HTTP/1.0\r\n\r\nX", false},
  };
  std::set<error_code> reached;
  for (auto const& [text, response] : streams) reached.insert(code_of(text, response, small));
  for (error_description const& d : error_descriptions) {
    if (d.code == error_code::none || d.code == error_code::incomplete_message) continue;
    EXPECT_TRUE(reached.contains(d.code)) << d.name;
  }
}

}  // namespace
}  // namespace quire::http::test
