// Digests of representations: RFC 9530.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <deque>
#include <optional>
#include <stdexcept>

namespace quire::test {
namespace {

// What "openssl dgst" would say, by the programs sha256sum and sha512sum: "sha-256=:…:".
std::string digest_of(site const& pages, std::string const& content, std::string const& bits) {
  pages.write("../content", content);
  std::string const command = "sha" + bits + "sum '" + pages.beside("content").string() + "'";
  std::FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("no shell");
  std::string bytes;
  for (unsigned byte = 0; bytes.size() != std::stoul(bits) / 8; bytes += static_cast<char>(byte)) {
    if (std::fscanf(pipe, "%2x", &byte) != 1) throw std::runtime_error(command + " failed");
  }
  ::pclose(pipe);
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string out = "sha-" + bits + "=:";
  unsigned left = 0;
  int have = 0;
  for (char const c : bytes) {
    left = left << 8 | static_cast<unsigned char>(c);
    for (have += 8; have >= 6; have -= 6) out += alphabet[left >> (have - 6) & 63];
  }
  if (have != 0) out += alphabet[left << (6 - have) & 63];
  while ((out.size() - 9) % 4 != 0) out += '=';
  return out + ":";
}

class digest : public testing::Test {
 protected:
  digest() {
    for (auto const& [name, content] : {std::pair{"page.html", text_},
                                        {"large.bin", pattern(3'000'000)},
                                        {"encoded.html", text_},
                                        {"encoded.html.br", "in br"}}) {
      pages_.write(name, content);
      pages_.set_age(name, std::chrono::hours(1));
    }
    server_.emplace(pages_.root(), std::vector<std::string>{"--compress", "off"});
  }
  response ask_for(std::string_view target, std::string_view wanted, std::string_view more = {}) {
    return fetch(*server_, target,
                 std::string("Want-Repr-Digest: ").append(wanted).append("\r\n").append(more));
  }
  std::string of(std::string const& content, std::string const& bits) {
    return digest_of(pages_, content, bits);
  }

  site pages_;
  std::string text_ = pattern(100'000);
  std::optional<server> server_;
};

TEST_F(digest, is_told_to_who_wants_it_and_to_nobody_else) {
  response const r = ask_for("/page.html", "sha-256=10");
  EXPECT_EQ(r.verdict(), "200");
  EXPECT_EQ(r.field("Repr-Digest"), of(text_, "256"));
  EXPECT_TRUE(r.content == text_);
  expect_well_formed(r);
  EXPECT_EQ(ask_for("/page.html", "sha-512=1").field("Repr-Digest"), of(text_, "512"));
  EXPECT_EQ(ask_for("/page.html", "sha-256=3, sha-512=7, md5=10").field("Repr-Digest"),
            of(text_, "512"));
  EXPECT_FALSE(fetch(*server_, "/page.html").has("Repr-Digest"));
  for (char const* wanted : {"", "sha-256=0", "md5=10", "sha-256=11", "sha-256=1,", "sha-256=1;",
                             "sha-256=x y", ";;;", "sha-256=10, =", "\"sha-256\"=1"}) {
    response const none = ask_for("/page.html", wanted);
    EXPECT_EQ(none.verdict(), "200") << wanted;
    EXPECT_FALSE(none.has("Repr-Digest")) << wanted;
  }
}

TEST_F(digest, is_that_of_the_whole_representation_in_every_answer_about_it) {
  std::string const right = of(text_, "256");
  std::string const wanted = "Want-Repr-Digest: sha-256=1\r\n";
  EXPECT_EQ(ask(*server_, request("HEAD", "/page.html", wanted)).field("Repr-Digest"), right);
  response const part = ask_for("/page.html", "sha-256=1", "Range: bytes=5-9\r\n");
  EXPECT_EQ(part.status, 206);
  EXPECT_TRUE(part.content == text_.substr(5, 5));
  EXPECT_EQ(part.field("Repr-Digest"), right);
  response const parts = ask_for("/page.html", "sha-256=1", "Range: bytes=5-9,5000-5009\r\n");
  EXPECT_EQ(parts.status, 206);
  EXPECT_EQ(parts.field("Repr-Digest"), right);
  std::string const tag = *part.field("ETag");
  response const same = ask_for("/page.html", "sha-256=1", "If-None-Match: " + tag + "\r\n");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.field("Repr-Digest"), right);
  for (char const* more : {"Range: bytes=200000-\r\n", "If-Match: \"other\"\r\n"}) {
    EXPECT_FALSE(ask_for("/page.html", "sha-256=1", more).has("Repr-Digest")) << more;
  }
  EXPECT_FALSE(ask_for("/absent.html", "sha-256=1").has("Repr-Digest"));
}

TEST_F(digest, is_that_of_the_coding) {
  response const r = ask_for("/encoded.html", "sha-256=1", "Accept-Encoding: br\r\n");
  EXPECT_EQ(r.content, "in br");
  EXPECT_EQ(r.field("Repr-Digest"), of("in br", "256"));
  EXPECT_EQ(ask_for("/encoded.html", "sha-256=1").field("Repr-Digest"), of(text_, "256"));
}

TEST_F(digest, of_a_file_that_is_not_kept_in_memory_is_not_told) {
  response const r = ask_for("/large.bin", "sha-256=1");
  EXPECT_EQ(r.verdict(), "200");
  EXPECT_FALSE(r.has("Repr-Digest"));
}

TEST_F(digest, is_waited_for_by_many_at_once_in_the_order_of_their_requests) {
  std::string const right_256 = of(text_, "256");
  std::string const right_512 = of(text_, "512");
  std::deque<client> clients;
  for (int i = 0; i != 40; ++i) {
    std::string const fields =
        i % 2 == 0 ? "Want-Repr-Digest: sha-256=1\r\n" : "Want-Repr-Digest: sha-512=1\r\n";
    client& c = clients.emplace_back(*server_);
    c.send(get("/absent") + get("/page.html", fields) + get("/page.html") +
           get("/encoded.html", fields));
  }
  clients[7].reset();
  for (std::size_t i = 0; i != clients.size(); ++i) {
    if (i == 7) continue;
    std::string const& right = i % 2 == 0 ? right_256 : right_512;
    EXPECT_EQ(clients[i].read().status, 404);
    EXPECT_EQ(clients[i].read().field("Repr-Digest"), right);
    EXPECT_FALSE(clients[i].read().has("Repr-Digest"));
    EXPECT_EQ(clients[i].read().field("Repr-Digest"), right);
  }
}

TEST_F(digest, of_a_replaced_file_is_that_of_the_new_one) {
  client c(*server_);
  for (unsigned i = 0; i != 20; ++i) {
    std::string const content = pattern(20'000, i);
    pages_.replace("page.html", content);
    c.send(get("/page.html", "Want-Repr-Digest: sha-256=1\r\n"));
    response const r = c.read();
    ASSERT_TRUE(r.content == content);
    ASSERT_EQ(r.field("Repr-Digest"), of(content, "256"));
  }
}

}  // namespace
}  // namespace quire::test
