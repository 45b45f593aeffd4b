#include <quire/server/site/directory_redirect.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::server;

namespace {

std::string location(std::string_view target, std::size_t room = 1000) {
  char memory[1000];
  auto const path = resolve_request_path(target, memory);
  EXPECT_EQ(path.verdict, path_verdict::ok) << target;
  std::string out(room, '?');
  auto const size = write_directory_location(path, out);
  return size ? out.substr(0, *size) : "no room";
}

TEST(directory_redirect, adds_the_slash_and_keeps_the_query) {
  EXPECT_EQ(location("/docs"), "/docs/");
  EXPECT_EQ(location("/a/b/docs"), "/a/b/docs/");
  EXPECT_EQ(location("/docs?a=b&c=%20d"), "/docs/?a=b&c=%20d");
  EXPECT_EQ(location("/docs?"), "/docs/?");
  EXPECT_EQ(location("http://a.example:8080/docs?x"), "/docs/?x");
}

TEST(directory_redirect, encodes_what_no_uri_may_hold) {
  EXPECT_EQ(location("/a%20b%22%3c%3f%23%25"), "/a%20b%22%3C%3F%23%25/");
  EXPECT_EQ(location("/d?a\"b<c>|\xc3"), "/d/?a%22b%3Cc%3E%7C%C3");
  EXPECT_EQ(location("/%C3%BC"), "/%C3%BC/");
  EXPECT_EQ(location("/\xc3\xbc"), "/%C3%BC/");
}

TEST(directory_redirect, never_leaves_the_site) {
  EXPECT_EQ(location("//evil.example"), "/evil.example/");
  EXPECT_EQ(location("///evil.example"), "/evil.example/");
  EXPECT_EQ(location("//evil.example//docs"), "/evil.example/docs/");
  EXPECT_EQ(location("/.//evil.example"), "/evil.example/");
  EXPECT_EQ(location("/a/..//evil.example"), "/evil.example/");
  EXPECT_EQ(location("/%2e//evil.example"), "/evil.example/");
  EXPECT_EQ(location("/http:"), "/http:/");
  EXPECT_EQ(location("/javascript:alert(1)"), "/javascript:alert(1)/");
  EXPECT_EQ(location("/"), "/");
}

TEST(directory_redirect, never_leaves_the_site_whatever_the_path) {
  char out[100];
  for (std::string_view const path :
       {"//evil.example", "/\\evil.example", "\\\\evil.example", "/"}) {
    auto const size = write_directory_location({.path = path}, out);
    std::string const text(out, size.value());
    EXPECT_TRUE(text[0] == '/' && (text.size() == 1 || (text[1] != '/' && text[1] != '\\')))
        << text;
    EXPECT_EQ(text.find('\\'), std::string::npos);
  }
}

TEST(directory_redirect, never_writes_beyond_the_room_it_has) {
  std::string const whole = location("/a%20b?c");
  for (std::size_t room = 0; room < whole.size(); ++room) {
    EXPECT_EQ(location("/a%20b?c", room), "no room");
  }
  EXPECT_EQ(location("/a%20b?c", whole.size()), whole);
}

}  // namespace
