// What the cache keeps is never in the way: of files that change without a pause, of little memory
// or none, on a disk and on a file system in memory.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <unistd.h>

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

namespace quire::test {
namespace {

class cache : public ::testing::TestWithParam<std::string> {
 protected:
  // Of one repeated byte, so that any mix of two versions is seen.
  static std::string version(std::size_t size, int i) {
    return std::string(size, static_cast<char>('a' + i % 26));
  }
  static bool is_of_one_version(std::string_view content) {
    return content.empty() || content.find_first_not_of(content.front()) == std::string_view::npos;
  }
  // Clients that ask again and again while `change` does its work; `judge` sees each answer that is
  // not cut off.
  static void while_asked(server const& s, std::vector<std::string> const& targets,
                          std::function<void(response const&)> const& judge,
                          std::function<void()> const& change) {
    std::atomic<bool> stop = false;
    std::vector<std::jthread> clients;
    for (std::string const& target : targets) {
      clients.emplace_back([&] {
        do {
          client c(s);
          c.send(get(target, "Connection: close\r\n"));
          std::string all;
          ending const how = c.read_to_end(&all);
          std::size_t const end = all.find("\r\n\r\n");
          if (end == std::string::npos) continue;  // Cut before the head.
          response r = parse_head(std::string_view(all).substr(0, end + 4));
          r.content = all.substr(end + 4);
          r.complete = r.content.size() == content_length(r, false);
          EXPECT_TRUE(r.complete || how == ending::reset);
          if (r.complete) judge(r);
        } while (!stop);
      });
    }
    change();
    stop = true;
  }

  site pages{GetParam()};
};
INSTANTIATE_TEST_SUITE_P(on, cache, ::testing::ValuesIn(places_for_sites()),
                         [](auto const& tested) {
                           return tested.param == "/dev/shm" ? "memory" : "disk";
                         });

TEST_P(cache, a_file_that_is_replaced_200_times_is_whole_to_all_who_read_it) {
  constexpr std::size_t small = 20'000;
  constexpr std::size_t streamed = 1'200'000;
  pages.write("small.txt", version(small, 0));
  pages.write("large.txt", version(streamed, 0));
  server s(pages.root());
  std::atomic<int> whole = 0;
  while_asked(
      s, {"/small.txt", "/large.txt", "/small.txt"},
      [&](response const& r) {
        if (r.status == 503) return;  // It never came to rest.
        EXPECT_EQ(r.verdict(), "200");
        EXPECT_TRUE(r.content.size() == small || r.content.size() == streamed);
        EXPECT_TRUE(is_of_one_version(r.content));
        ++whole;
      },
      [&] {
        for (int i = 1; i <= 200; ++i) {
          pages.replace("small.txt", version(small, i));
          pages.replace("large.txt", version(streamed, i));
        }
        // On a slow disk the files may not have come to rest before.
        for (int i = 0; i != 10'000 && whole == 0; ++i)
          std::this_thread::sleep_for(std::chrono::milliseconds(1));
      });
  EXPECT_GE(whole, 1);
  EXPECT_EQ(fetch(s, "/small.txt").content, version(small, 200));
  EXPECT_EQ(fetch(s, "/large.txt").content, version(streamed, 200));
}

TEST_P(cache, thousands_of_changes_a_second_elsewhere_disturb_no_answer) {
  pages.write("folder/page.html", "page");
  server s(pages.root());
  std::atomic<int> answers = 0;
  while_asked(
      s, {"/folder/page.html", "/folder/absent.html"},
      [&](response const& r) {
        EXPECT_TRUE(r.status == 404 || r.content == "page");
        ++answers;
      },
      [&] {
        for (int i = 0; i != 4000; ++i) {
          std::string const name = "folder/other-" + std::to_string(i % 50);
          pages.write(name, "x");
          pages.remove(name);
        }
      });
  EXPECT_GE(answers, 2);
  pages.write("folder/page.html", "another");
  EXPECT_EQ(fetch(s, "/folder/page.html").content, "another");
}

TEST_P(cache, a_file_that_comes_and_goes_is_whole_or_absent) {
  server s(pages.root());
  while_asked(
      s, {"/page.html", "/page.html", "/folder/page.html"},
      [&](response const& r) {
        if (r.status == 404 || r.status == 503) return;
        EXPECT_EQ(r.verdict(), "200");
        EXPECT_TRUE(is_of_one_version(r.content));
      },
      [&] {
        for (int i = 0; i != 100; ++i) {
          pages.replace("page.html", version(5000, i));
          pages.replace("folder/page.html", version(5000, i));
          pages.remove("page.html");
          pages.remove("folder");
        }
      });
  EXPECT_EQ(fetch(s, "/page.html").status, 404);
  EXPECT_EQ(fetch(s, "/folder/page.html").status, 404);
}

TEST_P(cache, one_that_is_smaller_than_a_file_or_none_serves_all_the_same) {
  for (std::string const size : {"0", "1", "1000", "70000"}) {
    SCOPED_TRACE(size);
    server s(pages.root(), {"--cache-size", size});
    client c(s);
    unsigned seed = 1;
    for (std::size_t const length : {0U, 1U, 5000U, 60'000U, 200'000U, 3'000'000U}) {
      pages.write("page.bin", pattern(length, ++seed));
      for (int again = 0; again != 2; ++again) {
        c.send(get("/page.bin") + request("HEAD", "/page.bin") + get("/absent"));
        response const r = c.read();
        EXPECT_EQ(r.verdict(), "200");
        EXPECT_TRUE(r.content == pattern(length, seed)) << length;
        EXPECT_EQ(c.read(true).field("Content-Length"), std::to_string(length));
        EXPECT_EQ(c.read().status, 404);
      }
      if (length == 0) continue;
      c.send(get("/page.bin", "Range: bytes=-1\r\n"));
      EXPECT_EQ(c.read().content, pattern(length, seed).substr(length - 1));
    }
  }
}

// Answers out of the cache whose changes the system tells of: each is seen by the next request.
TEST_P(cache, whatever_changes_a_site_is_seen_by_the_next_request) {
  pages.write("index.html", "1");
  pages.write("docs/a/page.html", "1");
  pages.write("shared/page.html", "1");
  server s(pages.root());
  client c(s);
  auto const get_it = [&](std::string const& target) {
    c.send(get(target));
    response const r = c.read();
    return r.status == 200 ? r.content : std::to_string(r.status);
  };
  // Until it is answered without a look.
  auto const settle = [&](std::string const& target, std::string const& expected) {
    for (int i = 0; i != 5; ++i) EXPECT_EQ(get_it(target), expected) << target;
  };
  settle("/", "1");
  pages.write("index.html", "2");
  settle("/", "2");
  pages.replace("index.html", "3");
  settle("/", "3");
  pages.remove("index.html");
  settle("/", "404");
  pages.write("index.html", "4");
  settle("/", "4");

  settle("/docs/a/page.html", "1");
  std::filesystem::rename(pages.root() / "docs/a", pages.root() / "docs/b");
  settle("/docs/a/page.html", "404");
  settle("/docs/b/page.html", "1");
  pages.write("docs/b/page.html", "2");
  settle("/docs/b/page.html", "2");
  // Directories in whose place others are moved, also above.
  pages.write("new/b/page.html", "3");
  std::filesystem::rename(pages.root() / "docs", pages.root() / "old");
  std::filesystem::rename(pages.root() / "new", pages.root() / "docs");
  settle("/docs/b/page.html", "3");
  settle("/old/b/page.html", "2");
  pages.write("docs/b/page.html", "4");
  settle("/docs/b/page.html", "4");
  pages.remove("docs");
  settle("/docs/b/page.html", "404");
  settle("/docs", "404");
  pages.write("docs/b/page.html", "5");
  settle("/docs/b/page.html", "5");
  settle("/docs", "301");

  // A file that may not be read any more.
  if (::geteuid() != 0) {
    std::filesystem::permissions(pages.root() / "docs/b/page.html", std::filesystem::perms::none);
    settle("/docs/b/page.html", "403");
  }
}

// A change and the request that follows it come on different ways.
TEST_P(cache, who_writes_and_then_asks_gets_the_new_one_beside_others_who_ask) {
  pages.write("page.html", "10000");
  pages.write("other.html", "other");
  server s(pages.root());
  std::atomic<bool> stop = false;
  std::vector<std::jthread> others;
  for (int i = 0; i != 2; ++i) {
    others.emplace_back([&] {
      for (client c(s); !stop;) {
        c.send(get("/other.html"));
        EXPECT_EQ(c.read().content, "other");
      }
    });
  }
  client c(s);
  for (int i = 10001; i != 10200 && !HasFailure(); ++i) {
    std::string const text = std::to_string(i);
    pages.overwrite("page.html", 0, text);
    // The first looks at the file, the second need not.
    for (int k = 0; k != 2; ++k) {
      c.send(get("/page.html"));
      EXPECT_EQ(c.read().content, text);
    }
  }
  stop = true;
}

TEST_P(cache, what_links_and_other_names_lead_to_is_seen_to_change) {
  pages.write("releases/1/page.html", "1");
  pages.write("releases/2/page.html", "2");
  pages.link("current", "releases/1");
  pages.link("page.html", "releases/1/page.html");
  std::filesystem::create_hard_link(pages.root() / "releases/1/page.html",
                                    pages.beside("other-name.html"));
  server s(pages.root());
  client c(s);
  auto const all = [&](std::string const& content) {
    for (int i = 0; i != 5; ++i) {
      for (char const* target : {"/current/page.html", "/page.html", "/releases/1/page.html"}) {
        c.send(get(target));
        EXPECT_EQ(c.read().content, content) << target;
      }
    }
  };
  all("1");
  pages.write("releases/1/page.html", "3");
  all("3");
  {
    std::ofstream out(pages.beside("other-name.html"), std::ios::trunc);
    out << "4";
  }
  all("4");
  pages.remove("current");
  pages.link("current", "releases/2");
  c.send(get("/current/page.html"));
  EXPECT_EQ(c.read().content, "2");
}

// While the program stands still nothing takes the notices, and the system drops some.
TEST_P(cache, changes_that_the_system_does_not_tell_for_their_number_are_seen) {
  pages.write("page.html", "old");
  pages.write("folder/page.html", "old");
  server s(pages.root());
  client c(s);
  auto const settle = [&](std::string const& content) {
    for (int i = 0; i != 5; ++i) {
      c.send(get("/page.html") + get("/folder/page.html"));
      EXPECT_EQ(c.read().content, content);
      EXPECT_EQ(c.read().content, content);
    }
  };
  settle("old");
  s.signal(SIGSTOP);
  for (int i = 0; i != 6000; ++i) {
    pages.write("other", "x");
    pages.remove("other");
  }
  pages.replace("page.html", "new");
  pages.replace("folder/page.html", "new");
  s.signal(SIGCONT);
  settle("new");
  // And from then on as before.
  pages.replace("page.html", "newer");
  pages.replace("folder/page.html", "newer");
  settle("newer");
}

}  // namespace
}  // namespace quire::test
