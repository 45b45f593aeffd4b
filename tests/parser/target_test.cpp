#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <string>

namespace quire::http::test {
namespace {

std::string request(std::string const& start, std::string const& host = "a") {
  return start + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n";
}

TEST(target, takes_all_four_forms) {
  for (char const* start :
       {"GET /a/b?c=d&e=%20", "GET //a", "GET /a\"<>[]\\^`{|}", "OPTIONS *", "CONNECT a.b:443",
        "CONNECT [::1]:80", "GET http://a/b", "GET http://a", "GET HTTP://a:80?b",
        "GET http://[::1]/", "PUT http://a:/", "GET x+y-1.z://a/"}) {
    expect_verdict(request(start), "needs more");
  }
}

TEST(target, refuses_what_has_none_of_the_forms) {
  for (char const* start : {"GET a",
                            "GET ?a",
                            "GET *",
                            "NOTIFY *",
                            "OPTIONS **",
                            "CONNECT a",
                            "CONNECT /",
                            "CONNECT a:",
                            "CONNECT :1",
                            "CONNECT a:b",
                            "CONNECT http://a/",
                            "GET a:b",
                            "GET http:a",
                            "GET http:/a",
                            "GET http://",
                            "GET http:///a",
                            "GET 1a://b/",
                            "GET http://a:b/",
                            "GET http://[::1/",
                            "GET http://a[/",
                            "GET h_p://a/"}) {
    std::string const at = std::to_string(std::string(start).find(' ') + 1);
    expect_verdict(request(start), "error bad-target-form @" + at + " in target");
  }
  expect_verdict(request("GET http://u@a/"), "error user-information-in-target @4 in target");
  expect_verdict(request("GET http://u:p@a/"), "error user-information-in-target @4 in target");
  expect_verdict(request("GET http://a/u@b"), "needs more");
}

TEST(target, refuses_octets_that_no_target_may_hold) {
  expect_verdict(request("GET /a#b"), "error bad-target-character @6 in target");
  expect_verdict(request("GET /a\x7f"), "error bad-target-character @6 in target");
  expect_verdict(request("GET /\x01"), "error bad-target-character @5 in target");
  expect_verdict(request("GET /\xc3\xa4"), "error bad-target-character @5 in target");
  expect_verdict(request("GET /%"), "error bad-percent-encoding @5 in target");
  expect_verdict(request("GET /%2"), "error bad-percent-encoding @5 in target");
  expect_verdict(request("GET /a%2g"), "error bad-percent-encoding @6 in target");
  expect_verdict(request("GET /%25%7F"), "needs more");
}

TEST(target, takes_obs_text_only_where_it_is_tolerated) {
  reading how;
  how.lenient.obs_text_in_target = true;
  expect_verdict(request("GET /\xc3\xa4?\xff"), "needs more", how);
  expect_verdict(request("GET /\xc3#"), "error bad-target-character @6 in target", how);
}

TEST(target, checks_the_host_field) {
  for (char const* host : {"", "a", "a.b:80", "a:", ":80", "127.0.0.1", "[::]", "[::1]:8080",
                           "[1:2:3:4:5:6:7:8]", "[1::]", "[1:2:3:4:5:6:7::]", "[::ffff:1.2.3.4]",
                           "[1:2:3:4:5:6:1.2.3.4]", "[v1.a:b]", "a%20b", "a,b=5000"}) {
    expect_verdict(request("GET /", host), "needs more");
  }
  for (char const* host : {"a b",       "a/b",
                           "a:b",       "a:-1",
                           "u@a",       "[::1",
                           "[::1]a",    "[:::]",
                           "[1:2]",     "[1:2:3:4:5:6:7:8:9]",
                           "[::1::]",   "[12345::]",
                           "[::1.2.3]", "[::1.2.3.256]",
                           "[1.2.3.4]", "[]",
                           "[v.a]",     "[v1.]",
                           "a%2",       "%zz",
                           "a\"b",      "[1:]",
                           "[:1]",      "a]"}) {
    std::string const text = to_string(run_core(request("GET /", host), {}, {}));
    EXPECT_NE(text.find("error bad-host"), text.npos) << host;
    EXPECT_EQ(first_difference(request("GET /", host), {}), "") << host;
  }
}

TEST(target, leaves_the_host_alone_where_that_is_tolerated) {
  reading how;
  how.lenient.any_host = true;
  expect_verdict("GET / HTTP/1.1\r\nHost: a b\r\nHost: c\r\n\r\n", "needs more", how);
  expect_verdict("GET / HTTP/1.1\r\n\r\n", "needs more", how);
}

}  // namespace
}  // namespace quire::http::test
