#include <quire/parser/fields/request_target.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::http;

namespace {

// All parts as one text: form|scheme|authority|host|port|path|query, the query with its "?".
std::string split(std::string_view target, std::string_view method = "GET") {
  auto const parts = split_request_target(target, method);
  if (!parts) return "refused";
  char const* const forms[] = {"origin", "absolute", "authority", "asterisk"};
  std::string out = forms[static_cast<int>(parts->form)];
  for (auto const part : {parts->scheme, parts->authority, parts->host, parts->port, parts->path}) {
    out += "|" + std::string(part);
  }
  return out + "|" + (parts->has_query ? "?" : "") + std::string(parts->query);
}

TEST(request_target, splits_the_origin_form) {
  EXPECT_EQ(split("/"), "origin|||||/|");
  EXPECT_EQ(split("/a/b.html"), "origin|||||/a/b.html|");
  EXPECT_EQ(split("/a?"), "origin|||||/a|?");
  EXPECT_EQ(split("/a?b=c&d"), "origin|||||/a|?b=c&d");
  EXPECT_EQ(split("/a?b?c/d"), "origin|||||/a|?b?c/d");
  EXPECT_EQ(split("//a.example/b"), "origin|||||//a.example/b|");
  EXPECT_EQ(split("/http://a/"), "origin|||||/http://a/|");
  EXPECT_EQ(split("/%zz|\\\"\xc3\xbc"), "origin|||||/%zz|\\\"\xc3\xbc|");
}

TEST(request_target, splits_the_absolute_form) {
  EXPECT_EQ(split("http://a"), "absolute|http|a|a|||");
  EXPECT_EQ(split("http://a/"), "absolute|http|a|a||/|");
  EXPECT_EQ(split("HTTPS://a.b:8080/c?d"), "absolute|HTTPS|a.b:8080|a.b|8080|/c|?d");
  EXPECT_EQ(split("http://a:1?b=c"), "absolute|http|a:1|a|1||?b=c");
  EXPECT_EQ(split("http://[::1]:80/x"), "absolute|http|[::1]:80|[::1]|80|/x|");
  EXPECT_EQ(split("http://a:/"), "absolute|http|a:|a||/|");
  EXPECT_EQ(split("coap+tcp://a/?//"), "absolute|coap+tcp|a|a||/|?//");
}

TEST(request_target, splits_the_authority_form_for_connect) {
  EXPECT_EQ(split("a.example:443", "CONNECT"), "authority||a.example:443|a.example|443||");
  EXPECT_EQ(split("[::1]:443", "CONNECT"), "authority||[::1]:443|[::1]|443||");
  for (auto const* row :
       {"a.example", "a.example:", ":443", "/", "*", "http://a/", "a:443/", "u@a:1", "/_goRPC_"}) {
    EXPECT_EQ(split(row, "CONNECT"), "refused") << row;
  }
}

TEST(request_target, takes_the_asterisk_form_for_options) {
  EXPECT_EQ(split("*", "OPTIONS"), "asterisk||||||");
  EXPECT_EQ(split("*", "GET"), "refused");
  EXPECT_EQ(split("*", "options"), "refused");
  EXPECT_EQ(split("**", "OPTIONS"), "refused");
  EXPECT_EQ(split("*?a", "OPTIONS"), "refused");
}

TEST(request_target, refuses_what_is_in_no_form) {
  using namespace std::string_view_literals;
  for (auto const row : {""sv,
                         "a"sv,
                         "a/b"sv,
                         "../a"sv,
                         "?a"sv,
                         "#"sv,
                         "/a#b"sv,
                         "/?#"sv,
                         "/a b"sv,
                         "/a\tb"sv,
                         "/a\0b"sv,
                         "/a\x7f"sv,
                         "/a\r\n"sv,
                         "\\a"sv,
                         "a:443"sv,
                         "http:"sv,
                         "http:/"sv,
                         "http://"sv,
                         "http:///a"sv,
                         "http://?a"sv,
                         "http://u@a/"sv,
                         "http://u:p@a/"sv,
                         "http://:80/"sv,
                         "http://a:b/"sv,
                         "http://a:65536/"sv,
                         "://a/"sv,
                         "1http://a/"sv,
                         "ht tp://a/"sv,
                         "-a://b"sv,
                         "http:\\\\a\\"sv,
                         "http://a\\b/"sv,
                         "http://a,b@c/"sv,
                         "mailto:a@b"sv,
                         "urn:a:b"sv,
                         "%2f"sv,
                         "text/html,test"sv,
                         "htt:p//"sv,
                         "http://[::1/"sv}) {
    EXPECT_EQ(split(row), "refused") << row;
  }
}

}  // namespace
