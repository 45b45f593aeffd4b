// A root that leads elsewhere after a while, or nowhere: whole sites that are swapped.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace quire::test {
namespace {

constexpr std::size_t streamed = 1'300'000;

// Releases beside each other, and the link `current` to one of them, which is the root.
class root : public ::testing::Test {
 protected:
  root() {
    for (int n : {1, 2}) {
      std::string const folder = "releases/" + std::to_string(n) + "/";
      pages.write(folder + "name.txt", std::to_string(n));
      pages.write(folder + "large.bin", content(n));
      pages.write(folder + "only" + std::to_string(n) + ".txt", "x");
    }
    pages.link("current", "releases/1");
  }
  static std::string content(int n) { return std::string(streamed, static_cast<char>('0' + n)); }
  std::filesystem::path current() const { return pages.root() / "current"; }
  // As `ln -sfn` does it, and a rename, which never leaves a moment without the link.
  void move_to(int n) const {
    pages.link("next", "releases/" + std::to_string(n));
    std::filesystem::rename(pages.root() / "next", current());
  }
  // Asks until this is the answer.
  static bool becomes(server const& s, std::string_view target, std::string_view answer) {
    auto const give_up = std::chrono::steady_clock::now() + patience;
    client c(s);
    while (std::chrono::steady_clock::now() < give_up) {
      c.send(get(target));
      response const r = c.read();
      if ((r.status == 200 ? r.content : std::to_string(r.status)) == answer) return true;
    }
    return false;
  }

  site pages;
};

TEST_F(root, a_link_that_moves_is_followed) {
  server s(current());
  EXPECT_EQ(fetch(s, "/name.txt").content, "1");
  EXPECT_EQ(fetch(s, "/only1.txt").status, 200);
  EXPECT_EQ(fetch(s, "/only2.txt").status, 404);
  move_to(2);
  EXPECT_TRUE(becomes(s, "/name.txt", "2"));
  EXPECT_TRUE(becomes(s, "/only1.txt", "404"));
  EXPECT_TRUE(becomes(s, "/only2.txt", "x"));
  // A change of the site that is served now is seen at once.
  pages.write("releases/2/name.txt", "2b");
  EXPECT_TRUE(becomes(s, "/name.txt", "2b"));
}

TEST_F(root, each_answer_is_of_one_site_while_they_are_swapped_under_load) {
  server s(current());
  std::atomic<bool> stop = false;
  std::atomic<int> from[3] = {0, 0, 0};
  {
    std::vector<std::jthread> clients;
    for (int i = 0; i != 4; ++i) {
      clients.emplace_back([&] {
        client c(s);
        do {
          c.send(get("/name.txt") + get("/large.bin") + get("/name.txt"));
          for (std::size_t const size : {std::size_t{1}, streamed, std::size_t{1}}) {
            response const r = c.read();
            ASSERT_EQ(r.verdict(), "200");
            ASSERT_EQ(r.content.size(), size);
            ASSERT_TRUE(r.content.front() == '1' || r.content.front() == '2');
            EXPECT_EQ(r.content.find_first_not_of(r.content.front()), std::string::npos);
            ++from[r.content.front() - '0'];
          }
        } while (!stop);
      });
    }
    for (int i = 0; i != 6; ++i) {
      int const n = 2 - i % 2;
      move_to(n);
      EXPECT_TRUE(becomes(s, "/name.txt", std::to_string(n)));
      // Those who load it get there too, each in its time.
      int const before = from[n];
      auto const give_up = std::chrono::steady_clock::now() + patience;
      while (from[n] == before && std::chrono::steady_clock::now() < give_up) {
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
      }
      EXPECT_GT(from[n], before);
    }
    stop = true;
  }
}

TEST_F(root, with_one_worker_nobody_sees_the_old_site_again) {
  server s(current(), {"--workers", "1"});
  for (int n : {2, 1, 2}) {
    move_to(n);
    EXPECT_TRUE(becomes(s, "/name.txt", std::to_string(n)));
    for (int i = 0; i != 100; ++i) EXPECT_EQ(fetch(s, "/name.txt").content, std::to_string(n));
  }
}

TEST_F(root, an_answer_that_began_on_the_old_site_ends_on_it) {
  pages.write("releases/1/huge.bin", pattern(24'000'000, 1));
  server s(current(), {"--workers", "1"});
  client slow(s, 65536);
  slow.send(get("/huge.bin"));
  std::string all = slow.read_bytes(1000);
  move_to(2);
  EXPECT_TRUE(becomes(s, "/name.txt", "2"));
  EXPECT_EQ(fetch(s, "/huge.bin").status, 404);
  all += slow.read_bytes(all.find("\r\n\r\n") + 4 + 24'000'000 - all.size());
  EXPECT_TRUE(all.substr(all.find("\r\n\r\n") + 4) == pattern(24'000'000, 1));
  // The next one on that connection is of the new site.
  slow.send(get("/name.txt"));
  EXPECT_EQ(slow.read().content, "2");
}

TEST_F(root, one_that_disappears_is_503_until_it_comes_back) {
  std::filesystem::path const served = pages.root() / "releases/1";
  server s(served, {"--workers", "1"});
  EXPECT_EQ(fetch(s, "/name.txt").content, "1");
  std::filesystem::rename(served, pages.root() / "away");
  EXPECT_TRUE(becomes(s, "/name.txt", "503"));
  EXPECT_TRUE(becomes(s, "/absent", "503"));
  response const r = fetch(s, "/name.txt");
  expect_error_page(r, 503);
  EXPECT_TRUE(r.has("Retry-After"));
  // Another one in its place.
  std::filesystem::rename(pages.root() / "releases/2", served);
  EXPECT_TRUE(becomes(s, "/name.txt", "2"));
  std::filesystem::remove_all(served);
  EXPECT_TRUE(becomes(s, "/name.txt", "503"));
  std::filesystem::rename(pages.root() / "away", served);
  EXPECT_TRUE(becomes(s, "/name.txt", "1"));
}

}  // namespace
}  // namespace quire::test
