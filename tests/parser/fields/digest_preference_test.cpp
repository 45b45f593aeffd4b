#include <quire/parser/fields/digest_preference.hpp>

#include <gtest/gtest.h>

#include <string>

namespace quire::http {
namespace {

std::optional<int> of(std::string_view value, std::string_view algorithm = "sha-256") {
  // Of its own size, so that a sanitizer sees what reads beyond the end.
  std::string const exact(value);
  return digest_preference(exact, algorithm);
}

TEST(digest_preference, reads_the_examples_of_the_rfc) {
  EXPECT_EQ(of("sha-256=1"), 1);
  EXPECT_EQ(of("sha-512=3, sha-256=10, unixsum=0", "sha-512"), 3);
  EXPECT_EQ(of("sha-512=3, sha-256=10, unixsum=0", "sha-256"), 10);
  EXPECT_EQ(of("sha-512=3, sha-256=10, unixsum=0", "unixsum"), 0);
}

TEST(digest_preference, takes_what_is_absent_or_out_of_range_for_unwanted) {
  for (char const* value :
       {"", "  ", "sha-512=3", "sha-256", "sha-256=?1", "sha-256=11", "sha-256=-1", "sha-256=1.0",
        "sha-256=\"9\"", "sha-256=nine", "sha-256=:OQ==:", "sha-256=(9)", "sha-256=@9",
        "sha-256=%\"9\"", "sha-2560=9", "sha-256=999999999999999"}) {
    EXPECT_EQ(of(value), 0) << value;
  }
}

TEST(digest_preference, takes_the_last_of_several) {
  EXPECT_EQ(of("sha-256=3, sha-256=7"), 7);
  EXPECT_EQ(of("sha-256=3, sha-256=x"), 0);
}

TEST(digest_preference, reads_everything_that_a_dictionary_may_hold) {
  for (char const* other : {"a",
                            "a;b",
                            "a;b=1",
                            "a; b=\"x\"",
                            "a=1;b;c=?0",
                            "a=-12.345",
                            "a=123456789012.1",
                            "a=\"\"",
                            "a=\"x\\\"y\\\\\"",
                            "a=*t:/x",
                            "a=t~!#$%&'*+-.^_`|",
                            "a=::",
                            "a=:YWJj:",
                            "a=?0",
                            "a=@-5",
                            "a=%\"x%c3%bcy\"",
                            "a=()",
                            "a=( 1  2 )",
                            "a=(1;x \"y\";z=3)",
                            "a=(t);q=1",
                            "*",
                            "a-_.*9=1"}) {
    EXPECT_EQ(of(std::string(other) + ",sha-256=5"), 5) << other;
    EXPECT_EQ(of(std::string("  sha-256=5;x=1 \t,\t ") + other + "  "), 5) << other;
  }
}

TEST(digest_preference, refuses_what_is_no_dictionary) {
  for (char const* fault : {",",          "a,",         "a,,b",
                            "a b",        "=1",         "A=1",
                            "a=",         "a=1 2",      "a=1234567890123456",
                            "a=1.",       "a=1.2345",   "a=1234567890123.1",
                            "a=-",        "a=\"x",      "a=\"\\x\"",
                            "a=\"\x7f\"", "a=\"\xc3\"", "a=:YW",
                            "a=:Y*:",     "a=?2",       "a=@1.5",
                            "a=@",        "a=%x",       "a=%\"%C3\"",
                            "a=%\"%c\"",  "a=(1",       "a=(1,2)",
                            "a=(1\t2)",   "a=(\"x\"y)", "a=((1))",
                            "a;",         "a;B",        "a;b=",
                            "a =1",       "a=#",        "9=1",
                            "-a=1"}) {
    EXPECT_EQ(of(std::string(fault) + ",sha-256=5"), std::nullopt) << fault;
    EXPECT_EQ(of(std::string("sha-256=5,") + fault), std::nullopt) << fault;
  }
  EXPECT_EQ(of("\tsha-256=5"), std::nullopt);
  EXPECT_EQ(of("sha-256=5,"), std::nullopt);
  EXPECT_EQ(of("sha-256=5 sha-512=1"), std::nullopt);
}

}  // namespace
}  // namespace quire::http
