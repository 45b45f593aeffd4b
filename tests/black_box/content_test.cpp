// Content that a client sends along: thrown away within a limit, or the end of the connection.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <optional>

namespace quire::test {
namespace {

std::string length(std::size_t n) {
  return "Content-Length: " + std::to_string(n) + "\r\n";
}

std::string chunked(std::string_view content, std::size_t chunk) {
  std::string text;
  for (std::size_t at = 0; at < content.size(); at += chunk) {
    std::string_view const part = content.substr(at, chunk);
    std::array<char, 32> size;
    text.append(size.data(), static_cast<std::size_t>(
                                 std::snprintf(size.data(), size.size(), "%zx\r\n", part.size())));
    text.append(part).append("\r\n");
  }
  return text + "0\r\n\r\n";
}

class content : public testing::Test {
 protected:
  content() {
    pages_.write("page.html", "page");
    server_.emplace(pages_.root(), std::vector<std::string>{"--body-max", "100000"});
  }

  site pages_;
  std::optional<server> server_;
};

TEST_F(content, within_the_limit_is_thrown_away_and_the_next_request_is_answered) {
  for (std::size_t const size : {0U, 1U, 4096U, 99'999U, 100'000U}) {
    std::string const bytes = pattern(size);
    for (char const* method : {"GET", "HEAD", "POST", "PUT", "DELETE", "FROB"}) {
      SCOPED_TRACE(std::string(method) + " " + std::to_string(size));
      client c(*server_);
      c.send(request(method, "/page.html", length(size)) + bytes);
      EXPECT_TRUE(c.read(std::string_view(method) == "HEAD").keeps_connection());
      c.send(get("/page.html"));
      EXPECT_EQ(c.read().content, "page");
    }
  }
}

TEST_F(content, in_chunks_is_thrown_away_as_well) {
  for (std::size_t const chunk : {1U, 7U, 4096U, 50'000U}) {
    client c(*server_);
    c.send(request("POST", "/page.html", "Transfer-Encoding: chunked\r\n") +
           chunked(pattern(20'000), chunk) + get("/page.html"));
    EXPECT_EQ(c.read().status, 405);
    EXPECT_EQ(c.read().content, "page") << chunk;
  }
}

TEST_F(content, beyond_the_limit_is_413_and_closes_without_waiting_for_it) {
  client c(*server_);
  c.send(request("POST", "/page.html", length(100'001)));
  response const r = c.read();
  expect_error_page(r, 413);
  EXPECT_FALSE(r.keeps_connection());
  EXPECT_EQ(c.read_to_end(), ending::closed);
  response const absurd = ask(*server_, request("GET", "/page.html", length(4'000'000'000'000)));
  expect_error_page(absurd, 413);
}

TEST_F(content, in_chunks_beyond_the_limit_ends_the_connection) {
  client c(*server_);
  c.send(request("POST", "/page.html", "Transfer-Encoding: chunked\r\n") +
         chunked(pattern(300'000), 10'000) + get("/page.html"));
  response const r = c.read();
  EXPECT_EQ(r.status, 405);
  std::string rest;
  c.read_to_end(&rest);
  EXPECT_EQ(rest, "");
}

TEST_F(content, that_the_answer_does_not_wait_for) {
  client c(*server_);
  c.send(request("POST", "/page.html", length(50'000)) + pattern(10));
  // The answer may come before the content has; it must not depend on what comes.
  c.send(pattern(49'990) + get("/page.html"));
  EXPECT_EQ(c.read().status, 405);
  EXPECT_EQ(c.read().content, "page");
}

TEST_F(content, that_never_comes_ends_with_the_connection) {
  client c(*server_);
  c.send(request("POST", "/page.html", length(5000)) + "a few");
  c.shut_down();
  std::vector<response> const all = c.read_all();
  ASSERT_LE(all.size(), 1U);
  EXPECT_EQ(fetch(*server_, "/page.html").content, "page");
}

TEST_F(content, that_waits_for_leave_gets_it_or_a_final_answer) {
  {
    client c(*server_);
    c.send(get("/page.html", "Expect: 100-continue\r\n" + length(5)));
    response r = c.read_any();
    EXPECT_EQ(r.status, 100);
    EXPECT_EQ(r.reason, "Continue");
    c.send("12345");
    r = c.read_any();
    EXPECT_EQ(r.content, "page");
  }
  {
    client c(*server_);
    c.send(request("POST", "/page.html", "Expect: 100-continue\r\n" + length(5)));
    response const r = c.read_any();
    EXPECT_EQ(r.status, 405);
    EXPECT_FALSE(r.keeps_connection());  // Or the next bytes would be content to one and a request
                                         // to the other.
    EXPECT_EQ(c.read_to_end(), ending::closed);
  }
  {
    client c(*server_);
    c.send(request("POST", "/page.html", "Expect: 100-continue\r\n" + length(500'000)));
    expect_error_page(c.read_any(), 413);
  }
  {
    client c(*server_);  // Nothing to wait for.
    c.send(get("/page.html", "Expect: 100-continue\r\n"));
    EXPECT_EQ(c.read_any().content, "page");
  }
  {
    client c(*server_);  // HTTP/1.0 does not know it.
    c.send("GET /page.html HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n12345");
    EXPECT_EQ(c.read_any().content, "page");
  }
}

TEST_F(content, without_a_length_in_http_1_0_is_411) {
  response const r = ask(*server_, "POST /page.html HTTP/1.0\r\n\r\n");
  expect_error_page(r, 411);
  EXPECT_FALSE(r.keeps_connection());
}

TEST_F(content, the_last_answer_arrives_although_more_is_on_its_way) {
  for (int i = 0; i != 20; ++i) {
    client c(*server_);
    c.send(request("POST", "/page.html", length(500'000)) + pattern(400'000));
    EXPECT_EQ(c.read().status, 413) << i;
  }
}

}  // namespace
}  // namespace quire::test
