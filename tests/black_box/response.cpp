#include "tests/black_box/response.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <ctime>
#include <regex>
#include <stdexcept>

namespace quire::test {
namespace {

bool equals_caseless(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](char x, char y) {
    return std::tolower(static_cast<unsigned char>(x)) ==
           std::tolower(static_cast<unsigned char>(y));
  });
}

std::pair<std::string, std::string> parse_field_line(std::string const& line) {
  static std::regex const form(
      R"(([!#$%&'*+.^_`|~0-9A-Za-z-]+): ([\x21-\x7e](?:[\x20-\x7e]*[\x21-\x7e])?))");
  std::smatch match;
  if (!std::regex_match(line, match, form)) throw std::runtime_error("no field line: " + line);
  return {match[1], match[2]};
}

}  // namespace

std::optional<std::string> response::field(std::string_view name) const {
  std::optional<std::string> found;
  for (auto const& [key, value] : fields) {
    if (!equals_caseless(key, name)) continue;
    if (found) throw std::runtime_error("a repeated field: " + key);
    found = value;
  }
  return found;
}

std::string response::verdict() const {
  return std::to_string(status) + (complete ? "" : " cut short");
}

bool response::keeps_connection() const {
  return !equals_caseless(field("Connection").value_or(""), "close");
}

response parse_head(std::string_view head) {
  response r;
  std::size_t at = 0;
  auto const next_line = [&] {
    std::size_t const end = head.find("\r\n", at);
    std::string line(head.substr(at, end - at));
    at = end + 2;
    return line;
  };
  static std::regex const status_line(R"((HTTP/1\.1) ([1-5][0-9][0-9]) ([A-Za-z -]+))");
  std::smatch match;
  std::string const first = next_line();
  if (!std::regex_match(first, match, status_line))
    throw std::runtime_error("no status line: " + first);
  r.version = match[1];
  r.status = std::stoi(match[2]);
  r.reason = match[3];
  for (std::string line = next_line(); !line.empty(); line = next_line()) {
    r.fields.push_back(parse_field_line(line));
  }
  return r;
}

std::optional<std::size_t> content_length(response const& head, bool answers_head) {
  if (answers_head || head.status / 100 == 1 || head.status == 204 || head.status == 304) return 0;
  auto const text = head.field("Content-Length");
  if (!text) return std::nullopt;
  std::size_t length = 0;
  auto const [end, error] = std::from_chars(text->data(), text->data() + text->size(), length);
  if (error != std::errc() || end != text->data() + text->size()) {
    throw std::runtime_error("Content-Length: " + *text);
  }
  return length;
}

void expect_well_formed(response const& r) {
  EXPECT_EQ(r.version, "HTTP/1.1");
  static std::regex const form(
      "(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-3][0-9] [A-Z][a-z]{2} [0-9]{4} [0-9:]{8} GMT");
  std::string const date = r.field("Date").value_or("no Date");
  EXPECT_TRUE(std::regex_match(date, form)) << date;
  std::tm parts{};
  ASSERT_NE(::strptime(date.c_str(), "%a, %d %b %Y %H:%M:%S GMT", &parts), nullptr) << date;
  EXPECT_LE(std::abs(std::difftime(::timegm(&parts), std::time(nullptr))), 60) << date;
  EXPECT_EQ(r.field("Server").value_or("quire"), "quire");
}

void expect_error_page(response const& r, int status) {
  EXPECT_EQ(r.verdict(), std::to_string(status));
  expect_well_formed(r);
  EXPECT_EQ(r.field("Content-Type").value_or("none"), "text/html; charset=utf-8");
  EXPECT_NE(r.content.find(std::to_string(status)), std::string::npos) << r.content;
  EXPECT_TRUE(r.content.starts_with("<!doctype html>")) << r.content;
  EXPECT_LT(r.content.size(), 4096U);
  EXPECT_EQ(r.content.find("<script"), std::string::npos) << r.content;
  EXPECT_EQ(r.content.find("<img"), std::string::npos) << r.content;
}

}  // namespace quire::test
