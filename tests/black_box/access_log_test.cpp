// The access log: one line of the combined format for each response, with nothing in it that could
// forge another line.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <fstream>
#include <regex>
#include <sstream>

namespace quire::test {
namespace {

std::vector<std::string> lines_of(std::string const& text) {
  std::istringstream in(text);
  std::vector<std::string> lines;
  for (std::string line; std::getline(in, line);) lines.push_back(line);
  return lines;
}

// Stops the server, so that all lines are written.
std::vector<std::string> logged(server& s, std::filesystem::path const& file) {
  s.signal(stop_signal());
  EXPECT_EQ(s.wait(), 0);
  std::ifstream in(file, std::ios::binary);
  std::ostringstream text;
  text << in.rdbuf();
  return lines_of(text.str());
}

// A line without its time, which must be there.
std::string without_time(std::string const& line) {
  static std::regex const form(
      R"((.* - - )\[[0-9]{2}/[A-Z][a-z]{2}/[0-9]{4}:[0-9:]{8} [+-][0-9]{4}\] (.*))");
  std::smatch match;
  if (!std::regex_match(line, match, form)) return "no combined line: " + line;
  return std::string(match[1]) + std::string(match[2]);
}

TEST(access_log, has_a_combined_line_for_each_response) {
  site const pages;
  pages.write("page.html", "page");
  pages.write("large.bin", pattern(2'000'000));
  auto const file = pages.beside("access.log");
  server s(pages.root(), {"--access-log", file.string(), "--workers", "1"});
  client c(s);
  c.send(get("/page.html?q", "User-Agent: test/1\r\nReferer: http://example.com/\r\n") +
         request("HEAD", "/page.html") + get("/absent") +
         get("/page.html", "Range: bytes=0-1\r\n") + get("/large.bin") +
         request("POST", "/page.html"));
  for (int i = 0; i != 6; ++i) c.read(i == 1);
  c.send("GET /page.html HTTP/1.0\r\n\r\n");
  c.read_to_end();
  auto const lines = logged(s, file);
  ASSERT_EQ(lines.size(), 7U);
  EXPECT_EQ(without_time(lines[0]),
            "127.0.0.1 - - \"GET /page.html?q HTTP/1.1\" 200 4 \"http://example.com/\" \"test/1\"");
  EXPECT_TRUE(std::regex_match(
      without_time(lines[1]),
      std::regex(R"re(127\.0\.0\.1 - - "HEAD /page\.html HTTP/1\.1" 200 [0-] "-" "-")re")))
      << lines[1];
  EXPECT_NE(lines[2].find("\"GET /absent HTTP/1.1\" 404 "), std::string::npos) << lines[2];
  EXPECT_EQ(without_time(lines[3]), "127.0.0.1 - - \"GET /page.html HTTP/1.1\" 206 2 \"-\" \"-\"");
  EXPECT_EQ(without_time(lines[4]),
            "127.0.0.1 - - \"GET /large.bin HTTP/1.1\" 200 2000000 \"-\" \"-\"");
  EXPECT_NE(lines[5].find("\"POST /page.html HTTP/1.1\" 405 "), std::string::npos) << lines[5];
  EXPECT_EQ(without_time(lines[6]), "127.0.0.1 - - \"GET /page.html HTTP/1.0\" 200 4 \"-\" \"-\"");
}

TEST(access_log, escapes_what_a_client_chose) {
  site const pages;
  auto const file = pages.beside("access.log");
  server s(pages.root(), {"--access-log", file.string(), "--workers", "1"});
  client c(s);
  c.send(get("/absent", "User-Agent: \"quoted\\\" \xff\t end\r\nReferer: \x80 \"\r\n") +
         get("/a\"b") + get("/absent", "User-Agent: \x1b[31mred\r\n"));
  std::string rest;
  c.read_to_end(&rest);
  auto const lines = logged(s, file);
  ASSERT_GE(lines.size(), 1U);
  for (std::string const& line : lines) {
    for (char const ch : line) EXPECT_TRUE(ch >= ' ' && ch <= '~') << line;
    EXPECT_EQ(std::count(line.begin(), line.end(), '"'), 6) << line;
  }
}

TEST(access_log, tells_of_requests_that_could_not_be_read) {
  site const pages;
  auto const file = pages.beside("access.log");
  server s(pages.root(), {"--access-log", file.string()});
  EXPECT_EQ(ask(s, "nonsense\r\n\r\n").status, 400);
  auto const lines = logged(s, file);
  ASSERT_EQ(lines.size(), 1U);
  EXPECT_NE(lines[0].find("\" 400 "), std::string::npos) << lines[0];
}

TEST(access_log, goes_to_the_standard_output_by_default) {
  site const pages;
  pages.write("page.html", "page");
  server s(pages.root(), {"--access-log", "-"});
  EXPECT_EQ(fetch(s, "/page.html").content, "page");
  EXPECT_EQ(without_time(s.process().read_line().value_or("nothing")),
            "127.0.0.1 - - \"GET /page.html HTTP/1.1\" 200 4 \"-\" \"-\"");
}

TEST(access_log, can_be_off) {
  site const pages;
  pages.write("page.html", "page");
  server s(pages.root(), {"--access-log", "off"});
  EXPECT_EQ(fetch(s, "/page.html").content, "page");
  s.signal(stop_signal());
  EXPECT_EQ(s.process().read_rest(), "");
  EXPECT_EQ(s.wait(), 0);
}

TEST(access_log, is_appended_to) {
  site const pages;
  auto const file = pages.beside("access.log");
  std::ofstream(file) << "what was there\n";
  server s(pages.root(), {"--access-log", file.string()});
  EXPECT_EQ(fetch(s, "/absent").status, 404);
  auto const lines = logged(s, file);
  ASSERT_EQ(lines.size(), 2U);
  EXPECT_EQ(lines[0], "what was there");
}

TEST(access_log, on_a_full_disk_is_told_once_and_stops_no_request) {
  site const pages;
  pages.write("page.html", "page");
  server s(pages.root(), {"--access-log", "/dev/full"});
  client c(s);
  for (int i = 0; i != 500; ++i) {
    c.send(get("/page.html"));
    ASSERT_EQ(c.read().content, "page");
  }
  s.signal(stop_signal());
  EXPECT_EQ(s.wait(), 0);
  auto said = lines_of(s.process().error_output());
  // Said where the program chooses the back end.
  std::erase_if(said, [](std::string const& line) { return line.find(" using ") != line.npos; });
  ASSERT_EQ(said.size(), 1U) << s.process().error_output();
  EXPECT_TRUE(said[0].starts_with("quire: access log: ")) << said[0];
}

TEST(access_log, keeps_every_line_of_many_clients) {
  site const pages;
  pages.write("page.html", "page");
  auto const file = pages.beside("access.log");
  server s(pages.root(), {"--access-log", file.string()});
  std::vector<client> all;
  for (int i = 0; i != 20; ++i) all.emplace_back(s);
  for (int round = 0; round != 10; ++round) {
    for (client& c : all) c.send(get("/page.html") + get("/page.html"));
    for (client& c : all) {
      c.read();
      c.read();
    }
  }
  all.clear();
  EXPECT_EQ(logged(s, file).size(), 400U);
}

}  // namespace
}  // namespace quire::test
