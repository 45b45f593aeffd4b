#include <quire/parser/fields/uri.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>

using namespace quire::http;

namespace {

std::string decoded(std::string_view text) {
  std::string apart(text.size(), '?');
  auto const size = percent_decode(text, apart.data());
  std::string in_place(text);
  EXPECT_EQ(percent_decode({in_place.data(), text.size()}, in_place.data()), size);
  if (!size) return "malformed";
  apart.resize(*size);
  in_place.resize(*size);
  EXPECT_EQ(apart, in_place);
  return apart;
}

std::string without_dots(std::string path) {
  path.resize(remove_dot_segments(path));
  return path;
}

TEST(uri, decodes_percent_encoding_once) {
  using namespace std::string_literals;
  EXPECT_EQ(decoded(""), "");
  EXPECT_EQ(decoded("/a"), "/a");
  EXPECT_EQ(decoded("%41"), "A");
  EXPECT_EQ(decoded("%2e%2E"), "..");
  EXPECT_EQ(decoded("%252e"), "%2e");
  EXPECT_EQ(decoded("a%20b%00c"), "a b\0c"s);
  EXPECT_EQ(decoded("%C3%bc%fF"), "\xc3\xbc\xff");
  EXPECT_EQ(decoded("+"), "+");
}

TEST(uri, refuses_broken_percent_encoding) {
  for (auto const* row :
       {"%", "%4", "a%", "%%", "%%41", "%g1", "%1g", "%u0041", "%-1", "% 1", "%0x", "/a%2"}) {
    EXPECT_EQ(decoded(row), "malformed") << row;
  }
}

TEST(uri, does_not_look_beyond_the_text) {
  std::string_view const text = "%41";
  EXPECT_EQ(decoded(text.substr(0, 2)), "malformed");
  EXPECT_EQ(decoded(text.substr(0, 1)), "malformed");
}

TEST(uri, decodes_every_octet) {
  char const* const digits = "0123456789abcdefABCDEF";
  for (int high = 0; high < 22; ++high) {
    for (int low = 0; low < 22; ++low) {
      std::string const text = {'%', digits[high], digits[low]};
      auto const value = std::stoi(text.substr(1), nullptr, 16);
      EXPECT_EQ(decoded(text), std::string(1, static_cast<char>(value)));
    }
  }
}

TEST(uri, removes_dot_segments) {
  EXPECT_EQ(without_dots("/a/b/c/./../../g"), "/a/g");     // RFC 3986, 5.2.4
  EXPECT_EQ(without_dots("mid/content=5/../6"), "mid/6");  // RFC 3986, 5.2.4
  EXPECT_EQ(without_dots(""), "");
  EXPECT_EQ(without_dots("/"), "/");
  EXPECT_EQ(without_dots("/."), "/");
  EXPECT_EQ(without_dots("/.."), "/");
  EXPECT_EQ(without_dots("/../.."), "/");
  EXPECT_EQ(without_dots("/a/.."), "/");
  EXPECT_EQ(without_dots("/a/../"), "/");
  EXPECT_EQ(without_dots("/a/../../b"), "/b");
  EXPECT_EQ(without_dots("/a/b/."), "/a/b/");
  EXPECT_EQ(without_dots("/.a/..b/c../d."), "/.a/..b/c../d.");
  EXPECT_EQ(without_dots("/..."), "/...");
  EXPECT_EQ(without_dots("//a//../b"), "//a/b");
  EXPECT_EQ(without_dots(".."), "");
  EXPECT_EQ(without_dots("."), "");
  EXPECT_EQ(without_dots("../a"), "a");
  EXPECT_EQ(without_dots("./a"), "a");
  EXPECT_EQ(without_dots("a/.."), "/");
}

// The algorithm of RFC 3986, section 5.2.4, word by word on two strings.
std::string slow_without_dots(std::string input) {
  std::string output;
  auto const pop = [&] {
    auto const slash = output.rfind('/');
    output.erase(slash == std::string::npos ? 0 : slash);
  };
  while (!input.empty()) {
    if (input.starts_with("../")) {
      input.erase(0, 3);
    } else if (input.starts_with("./")) {
      input.erase(0, 2);
    } else if (input.starts_with("/./")) {
      input.replace(0, 3, "/");
    } else if (input == "/.") {
      input = "/";
    } else if (input.starts_with("/../")) {
      input.replace(0, 4, "/");
      pop();
    } else if (input == "/..") {
      input = "/";
      pop();
    } else if (input == "." || input == "..") {
      input.clear();
    } else {
      auto const slash = input.find('/', 1);
      output += input.substr(0, slash);
      input.erase(0, slash);
    }
  }
  return output;
}

TEST(uri, removes_dot_segments_like_the_words_of_the_rfc) {
  std::function<void(std::string)> const visit = [&](std::string path) {
    ASSERT_EQ(without_dots(path), slow_without_dots(path)) << path;
    if (path.size() == 11) return;
    for (char const c : {'/', '.', 'a'}) visit(path + c);
  };
  visit("");
}

std::string encoded_path(std::string_view text, std::size_t room = 1000) {
  std::string out(room, '?');
  auto const size = percent_encode_path(text, out);
  if (!size) return "no room";
  return out.substr(0, *size);
}

TEST(uri, encodes_a_path) {
  using namespace std::string_view_literals;
  EXPECT_EQ(encoded_path("/a/b-._~!$&'()*+,;=:@"), "/a/b-._~!$&'()*+,;=:@");
  EXPECT_EQ(encoded_path("/a b?c#d%e\"<>\\^`{|}[]"),
            "/a%20b%3Fc%23d%25e%22%3C%3E%5C%5E%60%7B%7C%7D%5B%5D");
  EXPECT_EQ(encoded_path("\r\n\0\x7f\xc3\xbc"sv), "%0D%0A%00%7F%C3%BC");
}

TEST(uri, never_writes_beyond_the_room_it_has) {
  EXPECT_EQ(encoded_path("", 0), "");
  EXPECT_EQ(encoded_path("a", 0), "no room");
  EXPECT_EQ(encoded_path("a", 1), "a");
  EXPECT_EQ(encoded_path(" ", 2), "no room");
  EXPECT_EQ(encoded_path(" ", 3), "%20");
  EXPECT_EQ(encoded_path("a ", 3), "no room");
}

TEST(uri, decodes_what_it_encodes) {
  std::string all;
  for (int octet = 0; octet < 256; ++octet) all += static_cast<char>(octet);
  EXPECT_EQ(decoded(encoded_path(all)), all);
}

TEST(uri, encodes_in_a_query_only_what_no_uri_may_hold) {
  char out[100];
  auto const encoded = [&](std::string_view text) {
    return std::string(out, percent_encode_query(text, out).value());
  };
  EXPECT_EQ(encoded("a=b&c=%20?/:@"), "a=b&c=%20?/:@");
  EXPECT_EQ(encoded("a b\"<>|\r\n\xc3"), "a%20b%22%3C%3E%7C%0D%0A%C3");
}

}  // namespace
