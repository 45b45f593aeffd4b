#include <quire/server/message_digest.hpp>

#include <gtest/gtest.h>

#include <deque>
#include <string>

namespace quire::server {
namespace {

// Of a text that lies in pages of a size.
std::string digest(std::string text, digest_algorithm algorithm, std::size_t page_size = 4096) {
  std::deque<page> pages;
  buffer b;
  for (std::size_t at = 0; at < text.size(); at += page_size) {
    std::size_t const size = std::min(page_size, text.size() - at);
    page& p = pages.emplace_back(text.data() + at, text.data() + at + size);
    p.commit_write(size);
    b.push(&p);
  }
  message_digest const d = digest_of(b, algorithm);
  while (b.pop() != nullptr) {
  }
  return digest_field_value(algorithm, std::span(d.bytes).first(d.size));
}

// The examples of FIPS 180-4, of RFC 9530 (appendix B.1), and of nothing.
TEST(message_digest, is_that_of_the_standard) {
  using enum digest_algorithm;
  EXPECT_EQ(digest("", sha_256), "sha-256=:47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=:");
  EXPECT_EQ(digest("abc", sha_256), "sha-256=:ungWv48Bz+pBQUDeXa4iI7ADYaOWF3qctBD/YfIAFa0=:");
  EXPECT_EQ(digest("{\"hello\": \"world\"}\n", sha_256),
            "sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:");
  EXPECT_EQ(digest("{\"hello\": \"world\"}\n", sha_512),
            "sha-512=:YMAam51Jz/jOATT6/zvHrLVgOYTGFy1d6GJiOHTohq4yP+pgk4vf2aCs"
            "yRZOtw8MjkM7iw7yZ/WkppmM44T3qg==:");
  EXPECT_EQ(digest("abc", sha_512),
            "sha-512=:3a81oZNherrMQXNJriBBMRLm+k6JqX6iCp7u5ktV05ohkpkqJ0/BqDa6"
            "PCOj/uu9RU1EI2Q86A4qmslPpUyknw==:");
}

TEST(message_digest, does_not_depend_on_pages) {
  std::string const text(10'000, 'q');
  for (digest_name const& n : digest_names) {
    std::string const one = digest(text, n.algorithm, 10'000);
    for (std::size_t const size : {1U, 63U, 64U, 4096U}) {
      EXPECT_EQ(digest(text, n.algorithm, size), one) << n.name << " " << size;
    }
  }
}

}  // namespace
}  // namespace quire::server
