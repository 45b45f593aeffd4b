#include <quire/io/endpoint.hpp>

#include <gtest/gtest.h>

#include <string>

namespace quire::io {
namespace {

// What becomes of a text that is read and written again; "no" when it is refused.
std::string again(std::string_view text) {
  endpoint e;
  std::array<char, endpoint_text_max> memory;
  if (!parse_endpoint(text, e)) {
    EXPECT_EQ(e, endpoint{});
    return "no";
  }
  return std::string(format_endpoint(e, memory));
}

TEST(endpoint, reads_version_4) {
  EXPECT_EQ(again("127.0.0.1:8080"), "127.0.0.1:8080");
  EXPECT_EQ(again("0.0.0.0:0"), "0.0.0.0:0");
  EXPECT_EQ(again("255.255.255.255:65535"), "255.255.255.255:65535");
}

TEST(endpoint, reads_a_port_alone_as_any_address) {
  EXPECT_EQ(again(":8080"), "0.0.0.0:8080");
  EXPECT_EQ(again("8080"), "0.0.0.0:8080");
  EXPECT_EQ(again("0"), "0.0.0.0:0");
}

TEST(endpoint, reads_version_6_and_writes_it_as_rfc_5952_wants) {
  EXPECT_EQ(again("[::1]:80"), "[::1]:80");
  EXPECT_EQ(again("[::]:80"), "[::]:80");
  EXPECT_EQ(again("[1::]:80"), "[1::]:80");
  EXPECT_EQ(again("[2001:DB8::1]:80"), "[2001:db8::1]:80");
  EXPECT_EQ(again("[2001:db8:0:0:1:0:0:1]:80"), "[2001:db8::1:0:0:1]:80");
  EXPECT_EQ(again("[2001:db8:0:1:1:1:1:1]:80"), "[2001:db8:0:1:1:1:1:1]:80");
  EXPECT_EQ(again("[1:0:0:2:0:0:0:3]:80"), "[1:0:0:2::3]:80");
  EXPECT_EQ(again("[0001:0002:0003:0004:0005:0006:0007:0008]:80"), "[1:2:3:4:5:6:7:8]:80");
  EXPECT_EQ(again("[::ffff:1.2.3.4]:80"), "[::ffff:102:304]:80");
  EXPECT_EQ(again("[1:2:3:4:5:6:1.2.3.4]:80"), "[1:2:3:4:5:6:102:304]:80");
  EXPECT_EQ(again("[fe80::1%3]:80"), "[fe80::1%3]:80");
  EXPECT_EQ(again("[1:2:3:4:5:6:7::]:80"), "[1:2:3:4:5:6:7:0]:80");
  EXPECT_EQ(again("[::2:3:4:5:6:7:8]:80"), "[0:2:3:4:5:6:7:8]:80");
}

TEST(endpoint, refuses_what_is_none) {
  for (char const* const text : {"",
                                 ":",
                                 "x",
                                 "127.0.0.1",
                                 "127.0.0.1:",
                                 "127.0.0.1:x",
                                 "127.0.0.1:65536",
                                 "127.0.0.1:-1",
                                 "127.0.0:80",
                                 "127.0.0.1.1:80",
                                 "256.0.0.1:80",
                                 "1.2.3.4 :80",
                                 " 1.2.3.4:80",
                                 "1.2.3.4:80 ",
                                 "1.2.3.0004:80",
                                 "localhost:80",
                                 "::1:80",
                                 "[::1]",
                                 "[::1]80",
                                 "[::1",
                                 "[]:80",
                                 "[:]:80",
                                 "[1]:80",
                                 "[1::2::3]:80",
                                 "[1:2:3:4:5:6:7]:80",
                                 "[1:2:3:4:5:6:7:8:9]:80",
                                 "[12345::]:80",
                                 "[g::]:80",
                                 "[::1%]:80",
                                 "[::1%x]:80",
                                 "[1:2:3:4:5:6:7:8::]:80",
                                 "[::1.2.3]:80",
                                 "[1:2:3:4:5:6:7:1.2.3.4]:80",
                                 "[1:]:80",
                                 "[:1]:80",
                                 "[1:::2]:80",
                                 "+80",
                                 "0x50",
                                 "000080"}) {
    EXPECT_EQ(again(text), "no") << text;
  }
}

TEST(endpoint, an_address_alone_has_neither_brackets_nor_port) {
  std::array<char, endpoint_text_max> memory;
  endpoint e;
  ASSERT_TRUE(parse_endpoint("[fe80::1%4294967295]:65535", e));
  EXPECT_EQ(format_address(e, memory), "fe80::1%4294967295");
  ASSERT_TRUE(parse_endpoint("127.0.0.1:80", e));
  EXPECT_EQ(format_address(e, memory), "127.0.0.1");
}

TEST(endpoint, the_longest_text_fits) {
  std::string const longest = "[1111:2222:3333:4444:5555:6666:7777:8888%4294967295]:65535";
  EXPECT_EQ(again(longest), longest);
  EXPECT_LE(longest.size(), endpoint_text_max);
}

}  // namespace
}  // namespace quire::io
