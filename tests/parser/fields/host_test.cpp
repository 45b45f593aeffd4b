#include <quire/parser/fields/host.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::http;

namespace {

struct valid_row {
  char const* text;
  char const* host;
  char const* port;
  int number;
};

TEST(host, splits_every_form_of_host_and_port) {
  valid_row const rows[] = {
      {"", "", "", -1},
      {"a", "a", "", -1},
      {"example.com", "example.com", "", -1},
      {"example.com:8080", "example.com", "8080", 8080},
      {"example.com:", "example.com", "", -1},
      {"example.com:0", "example.com", "0", 0},
      {"example.com:00080", "example.com", "00080", 80},
      {"example.com:65535", "example.com", "65535", 65535},
      {"127.0.0.1", "127.0.0.1", "", -1},
      {"127.0.0.1:80", "127.0.0.1", "80", 80},
      {"999.1", "999.1", "", -1},
      {"[::1]", "[::1]", "", -1},
      {"[::1]:443", "[::1]", "443", 443},
      {"[2001:db8::8:800:200c:417A]:1", "[2001:db8::8:800:200c:417A]", "1", 1},
      {"[::ffff:192.0.2.1]", "[::ffff:192.0.2.1]", "", -1},
      {"[v1.fe80::a+en1]", "[v1.fe80::a+en1]", "", -1},
      {"%C3%B1", "%C3%B1", "", -1},
      {"a-b_c~d!$&'()*+,;=", "a-b_c~d!$&'()*+,;=", "", -1},
  };
  for (auto const& row : rows) {
    auto const got = parse_host(row.text);
    ASSERT_TRUE(got) << row.text;
    EXPECT_EQ(got->host, row.host);
    EXPECT_EQ(got->port, row.port);
    EXPECT_EQ(got->port_number, row.number);
  }
}

TEST(host, refuses_what_is_no_host) {
  using namespace std::string_view_literals;
  std::string_view const rows[] = {
      " ",
      " a",
      "a ",
      "a b",
      "a/b",
      "a\\b",
      "user@a",
      "a:b",
      "a:-1",
      "a:+1",
      "a:80 ",
      "a:65536",
      "a:99999999999999999999",
      ":80",
      ":",
      "a:80:80",
      "a?b",
      "a#b",
      "\"a\"",
      "<a>",
      "a%",
      "a%4",
      "a%4g",
      "%00%zz",
      "[",
      "[]",
      "[::1",
      "::1",
      "[::1]x",
      "[::1]:x",
      "[::1]'",
      "[::1]/../",
      "[fe80::1%25eth0]",
      "[fe80::1%eth0]",
      "[v.a]",
      "[v1.]",
      "[v1]",
      "[vg.a]",
      "[1:2]",
      "]",
      "a]",
      "[[::1]]",
      "a\tb",
      "a\0b"sv,
      "\0"sv,
      "a\x7f",
      "\xc3\xb1",
      "a\r\nX: y",
      "localhost:8080, other",
      "a|b",
      "a^b",
      "a{b}",
  };
  for (auto const row : rows) EXPECT_FALSE(is_valid_host(row)) << row;
}

TEST(host, knows_ipv6_addresses) {
  char const* const valid[] = {
      "::",
      "::1",
      "1::",
      "1::8",
      "1:2:3:4:5:6:7:8",
      "1::3:4:5:6:7:8",
      "1:2:3:4:5:6::8",
      "1:2:3:4:5:6:7::",
      "::2:3:4:5:6:7:8",
      "::1.2.3.4",
      "1:2:3:4:5:6:1.2.3.4",
      "1::1.2.3.4",
      "1:2:3:4:5::1.2.3.4",
      "ABCD:ef01::",
      "0:0:0:0:0:0:0:0",
      "::2:3:4:5:6:1.2.3.4",
  };
  for (auto const* row : valid) EXPECT_TRUE(is_ipv6_address(row)) << row;
  char const* const invalid[] = {
      "",
      ":",
      ":::",
      "1",
      "1:2:3:4:5:6:7",
      "1:2:3:4:5:6:7:8:9",
      "1::2::3",
      "12345::",
      "g::",
      "1:",
      ":1",
      "1:2:3:4:5:6:7:",
      ":1:2:3:4:5:6:7",
      "1.2.3.4",
      "::1.2.3",
      "::1.2.3.4.5",
      "::256.1.1.1",
      "::01.1.1.1",
      "::1.2.3.4:5",
      "1:2:3:4:5:6:7:1.2.3.4",
      "1:2:3:4:5:6:7:8::",
      "::1:2:3:4:5:6:7:8",
      "1::2:3:4:5:6:7:8",
      "1:2:3:4:5:6::1.2.3.4",
      "::%eth0",
      ":: ",
      "1:::2",
  };
  for (auto const* row : invalid) EXPECT_FALSE(is_ipv6_address(row)) << row;
}

TEST(host, knows_ipv4_addresses) {
  for (auto const* row : {"0.0.0.0", "255.255.255.255", "192.0.2.1", "10.0.0.99"}) {
    EXPECT_TRUE(is_ipv4_address(row)) << row;
  }
  for (auto const* row :
       {"", "1", "1.2.3", "1.2.3.", ".1.2.3", "1.2.3.4.", "1.2.3.4.5", "256.1.1.1", "1.2.3.256",
        "01.2.3.4", "1.2.3.00", "1..2.3", "a.b.c.d", "1.2.3.4 ", "1234.1.1.1", "-1.2.3.4"}) {
    EXPECT_FALSE(is_ipv4_address(row)) << row;
  }
}

// Every octet at every place of a short host: only what the grammar names gets through.
TEST(host, lets_no_other_octet_through) {
  std::string const allowed =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~!$&'()*+,;=";
  for (int octet = 0; octet < 256; ++octet) {
    char const c = static_cast<char>(octet);
    bool const expected = allowed.find(c) != std::string::npos;
    EXPECT_EQ(is_valid_host(std::string{c} + "a"), expected) << octet;
    EXPECT_EQ(is_valid_host(std::string{"a"} + c + "a"), expected && c != ':') << octet;
    EXPECT_EQ(is_valid_host(std::string{"a"} + c), expected || c == ':') << octet;
  }
}

}  // namespace
