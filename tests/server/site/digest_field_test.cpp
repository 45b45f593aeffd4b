#include <quire/server/site/digest_field.hpp>

#include <gtest/gtest.h>

#include <vector>

namespace quire::server {
namespace {

TEST(digest_field, the_one_that_is_wanted_most_is_chosen) {
  EXPECT_EQ(wanted_digest("sha-256=1"), digest_algorithm::sha_256);
  EXPECT_EQ(wanted_digest("sha-512=1"), digest_algorithm::sha_512);
  EXPECT_EQ(wanted_digest("sha-256=3, sha-512=10"), digest_algorithm::sha_512);
  EXPECT_EQ(wanted_digest("sha-256=10, sha-512=3"), digest_algorithm::sha_256);
  EXPECT_EQ(wanted_digest("sha-512=5, sha-256=5"), digest_algorithm::sha_256);
  EXPECT_EQ(wanted_digest("unixsum=10, sha-512=1"), digest_algorithm::sha_512);
  EXPECT_EQ(wanted_digest("sha-256=0, sha-512=1"), digest_algorithm::sha_512);
}

TEST(digest_field, none_is_chosen_where_none_is_wanted_or_the_value_is_malformed) {
  for (char const* value : {"", "md5=10", "sha-256=0", "sha-256", "sha-256=11", "SHA-256=1",
                            "sha-256=1,", "sha-256=1 sha-512=1"}) {
    EXPECT_EQ(wanted_digest(value), std::nullopt) << value;
  }
}

TEST(digest_field, the_value_holds_base64_with_padding) {
  std::vector<std::uint8_t> bytes = {0xfb, 0xef, 0xff};
  EXPECT_EQ(digest_field_value(digest_algorithm::sha_256, bytes), "sha-256=:++//:");
  bytes.push_back('f');
  EXPECT_EQ(digest_field_value(digest_algorithm::sha_256, bytes), "sha-256=:++//Zg==:");
  bytes.push_back('o');
  EXPECT_EQ(digest_field_value(digest_algorithm::sha_512, bytes), "sha-512=:++//Zm8=:");
  EXPECT_EQ(digest_field_value(digest_algorithm::sha_512, {}), "sha-512=::");
}

}  // namespace
}  // namespace quire::server
