// Each status that says what is wrong, and the page that comes with it. RFC 9110, section 15.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <sys/stat.h>
#include <unistd.h>

namespace quire::test {
namespace {

// The answer to bytes that may be no request, and whether it is the last of its connection.
struct refusal {
  response answer;
  bool closed;
};
refusal refuse(server const& s, std::string_view bytes) {
  client c(s);
  c.send(bytes);
  response r = c.read();
  bool const closes = !r.keeps_connection();
  if (closes) {
    EXPECT_EQ(c.read_to_end(), ending::closed) << bytes.substr(0, 60);
  }
  return {std::move(r), closes};
}

void expect_refused(server const& s, std::string_view bytes, int status) {
  SCOPED_TRACE(std::string(bytes.substr(0, 100)));
  auto const [answer, closed] = refuse(s, bytes);
  expect_error_page(answer, status);
  EXPECT_TRUE(closed);
}

TEST(error, malformed_requests_are_400_and_close) {
  site const pages;
  server s(pages.root());
  for (std::string const bytes : {"nonsense\r\n\r\n",
                                  "GET /\r\n\r\n",
                                  "GET  / HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET /  HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET / HTTP/1.1 \r\nHost: a\r\n\r\n",
                                  " GET / HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET / http/1.1\r\nHost: a\r\n\r\n",
                                  "GET / HTTP/1\r\nHost: a\r\n\r\n",
                                  "GET / HTTP/1.1.1\r\nHost: a\r\n\r\n",
                                  "GET / HTTP/x.1\r\nHost: a\r\n\r\n",
                                  "G<T / HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET relative HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET * HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET /a b HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET /a\x01 HTTP/1.1\r\nHost: a\r\n\r\n",
                                  "GET / HTTP/1.1\r\n\r\n",
                                  "GET / HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n",
                                  "GET / HTTP/1.1\r\nHost: a b\r\n\r\n",
                                  "GET / HTTP/1.1\r\nHost: a/b\r\n\r\n",
                                  "GET / HTTP/1.1\r\nHost: a\r\nNo colon\r\n\r\n",
                                  "GET / HTTP/1.1\r\nHost: a\r\n: empty\r\n\r\n",
                                  "GET / HTTP/1.1\r\nHost: a\r\nA : b\r\n\r\n",
                                  "GET / HTTP/1.1\r\n Host: a\r\n\r\n",
                                  "\x16\x03\x01\x02\x01\x01\xfc\x03\x03 a client of TLS\r\n\r\n"}) {
    expect_refused(s, bytes, 400);
  }
}

TEST(error, paths_that_are_none_are_400) {
  site const pages;
  server s(pages.root());
  for (char const* target :
       {"/%", "/%4", "/%zz", "/a%0", "/%00", "/a%00.html", "/%0a", "/%7f", "/a%1fb"}) {
    SCOPED_TRACE(target);
    expect_error_page(fetch(s, target), 400);
  }
}

TEST(error, a_file_that_may_not_be_read_is_403) {
  if (::geteuid() == 0) {
    // Root may read everything; a file that is no file is refused alike.
    site const pages;
    pages.make_fifo("fifo");
    server s(pages.root());
    return expect_error_page(fetch(s, "/fifo"), 403);
  }
  site const pages;
  pages.write("locked.txt", "x");
  ::chmod((pages.root() / "locked.txt").c_str(), 0);
  server s(pages.root());
  expect_error_page(fetch(s, "/locked.txt"), 403);
}

// A regular file that no read can read: the speed of the loopback device, which has none.
TEST(error, a_file_that_the_disk_does_not_give_is_500) {
  std::filesystem::path const device = "/sys/devices/virtual/net/lo";
  if (!std::filesystem::exists(device / "speed")) {
    GTEST_SKIP() << "this system does not show its devices";
  }
  server s(device);
  expect_error_page(fetch(s, "/speed"), 500);
}

TEST(error, a_page_that_is_not_there_is_404_and_reflects_nothing) {
  site const pages;
  server s(pages.root());
  for (char const* target :
       {"/absent", "/absent/", "/absent/more", "/%3Cscript%3Ealert(1)%3C/script%3E", "/<script>",
        "/%22%3E%3Cimg%20src=x%3E", "/a?<script>alert(1)</script>"}) {
    SCOPED_TRACE(target);
    response const r = fetch(s, target);
    expect_error_page(r, r.status == 400 ? 400 : 404);
    EXPECT_EQ(r.content.find("alert(1)<"), std::string::npos);
  }
}

TEST(error, methods_that_write_are_405_with_allow) {
  site const pages;
  pages.write("page.html", "x");
  server s(pages.root());
  for (char const* method : {"POST", "PUT", "DELETE", "PATCH", "TRACE"}) {
    for (char const* target : {"/page.html", "/absent", "/"}) {
      SCOPED_TRACE(std::string(method) + " " + target);
      response const r = ask(s, request(method, target));
      expect_error_page(r, 405);
      std::string const allow = r.field("Allow").value_or("none");
      EXPECT_NE(allow.find("GET, HEAD"), std::string::npos) << allow;
      EXPECT_EQ(allow.find(method), std::string::npos) << allow;
    }
  }
}

TEST(error, trace_reflects_nothing) {
  site const pages;
  server s(pages.root());
  response const r = ask(s, request("TRACE", "/", "Cookie: of-the-victim\r\n"));
  EXPECT_EQ(r.content.find("of-the-victim"), std::string::npos);
}

TEST(error, connect_is_refused_and_closes) {
  site const pages;
  server s(pages.root());
  auto const [answer, closed] =
      refuse(s, "CONNECT example.com:80 HTTP/1.1\r\nHost: example.com:80\r\n\r\n");
  expect_error_page(answer, 405);
  EXPECT_TRUE(closed);
}

TEST(error, unknown_methods_are_501) {
  site const pages;
  server s(pages.root());
  for (char const* method : {"FROB", "get", "GETS", "Head", "BREW"}) {
    SCOPED_TRACE(method);
    expect_error_page(ask(s, request(method, "/")), 501);
  }
  // As long as no method ever was.
  expect_error_page(ask(s, request(std::string(5000, 'M'), "/")), 501);
}

TEST(error, an_unknown_transfer_coding_is_501_and_closes) {
  site const pages;
  server s(pages.root());
  expect_refused(s, request("POST", "/", "Transfer-Encoding: gzip, chunked\r\n"), 501);
}

TEST(error, other_versions_are_505_and_close) {
  site const pages;
  server s(pages.root());
  expect_refused(s, "GET / HTTP/2.0\r\nHost: a\r\n\r\n", 505);
  expect_refused(s, "GET / HTTP/0.9\r\nHost: a\r\n\r\n", 505);
  expect_refused(s, "GET / HTTP/3.1\r\nHost: a\r\n\r\n", 505);
}

TEST(error, a_request_line_that_is_too_long_is_414_and_closes) {
  site const pages;
  pages.write("index.html", "x");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/?" + std::string(7900, 'q')).status, 200);
  expect_refused(s, get("/?" + std::string(9000, 'q')), 414);
  expect_refused(s, get("/" + std::string(200'000, 'n')), 414);
  // It never ends: the answer does not wait for that.
  expect_refused(s, "GET /" + std::string(100'000, 'n'), 414);
}

TEST(error, fields_that_are_too_many_or_too_long_are_431_and_close) {
  site const pages;
  pages.write("index.html", "x");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/", "Cookie: " + std::string(8000, 'c') + "\r\n").status, 200);
  expect_refused(s, get("/", "Cookie: " + std::string(70'000, 'c') + "\r\n"), 431);
  std::string many;
  for (int i = 0; i != 5000; ++i) many += "A: b\r\n";
  expect_refused(s, get("/", many), 431);
  expect_refused(s, "GET / HTTP/1.1\r\nHost: a\r\nCookie: " + std::string(100'000, 'c'), 431);
  expect_refused(s, get("/", std::string(40'000, 'n') + ": v\r\n"), 431);
}

TEST(error, limits_are_as_they_were_set) {
  site const pages;
  pages.write("index.html", "x");
  server s(pages.root(),
           {"--request-line-max", "200", "--field-section-max", "300", "--field-count-max", "5"});
  EXPECT_EQ(fetch(s, "/?" + std::string(100, 'q')).status, 200);
  expect_refused(s, get("/?" + std::string(300, 'q')), 414);
  expect_refused(s, get("/", "A: " + std::string(400, 'a') + "\r\n"), 431);
  EXPECT_EQ(fetch(s, "/", "A: 1\r\nA: 2\r\nA: 3\r\nA: 4\r\n").status, 200);
  expect_refused(s, get("/", "A: 1\r\nA: 2\r\nA: 3\r\nA: 4\r\nA: 5\r\n"), 431);
}

TEST(error, an_expectation_that_nobody_knows_is_417) {
  site const pages;
  pages.write("index.html", "x");
  server s(pages.root());
  expect_error_page(fetch(s, "/", "Expect: the-unexpected\r\n"), 417);
  EXPECT_EQ(ask(s, "GET / HTTP/1.0\r\nExpect: the-unexpected\r\n\r\n").status, 200);
}

TEST(error, more_connections_than_allowed_are_told_503) {
  site const pages;
  pages.write("index.html", "x");
  server s(pages.root(), {"--connections-max", "4", "--workers", "1"});
  std::vector<client> held;
  for (int i = 0; i != 4; ++i) {
    client& c = held.emplace_back(s);
    c.send(get("/"));
    EXPECT_EQ(c.read().status, 200);
  }
  client beyond(s);
  beyond.send(get("/"));
  response const r = beyond.read();
  expect_error_page(r, 503);
  EXPECT_TRUE(r.has("Retry-After"));
  EXPECT_EQ(beyond.read_to_end(), ending::closed);
  held.pop_back();
  // There is room again as soon as the server has seen the end of that one.
  for (auto const begin = std::chrono::steady_clock::now(); fetch(s, "/").status == 503;) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, patience);
  }
}

TEST(error, every_response_says_its_date) {
  site const pages;
  pages.write("index.html", "x");
  pages.make_directory("folder");
  server s(pages.root());
  for (std::string const& bytes : std::vector<std::string>{
           get("/"), get("/absent"), get("/folder"), get("/", "If-None-Match: *\r\n"),
           get("/", "Range: bytes=0-0\r\n"), get("/", "Range: bytes=9-\r\n"), request("POST", "/"),
           request("FROB", "/"), request("OPTIONS", "*"), request("OPTIONS", "/"), get("/%00"),
           get("/", "If-Match: \"x\"\r\n"), std::string("nonsense\r\n\r\n"),
           std::string("GET / HTTP/9.9\r\n\r\n"), get("/?" + std::string(9000, 'q'))}) {
    SCOPED_TRACE(bytes.substr(0, 60));
    expect_well_formed(ask(s, bytes));
  }
}

TEST(error, options_tells_the_methods) {
  site const pages;
  pages.write("index.html", "x");
  server s(pages.root());
  for (char const* target : {"*", "/"}) {
    response const r = ask(s, request("OPTIONS", target));
    EXPECT_EQ(r.status, 204) << target;
    EXPECT_NE(r.field("Allow").value_or("none").find("GET, HEAD"), std::string::npos) << target;
  }
}

}  // namespace
}  // namespace quire::test
