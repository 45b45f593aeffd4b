// Files that change: seen at the next request, and never mixed into one response.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <optional>
#include <thread>
#include <vector>

namespace quire::test {
namespace {

constexpr std::size_t large =
    24'000'000;  // More than the buffers between a server and a slow reader.

// A reader that has the beginning of a large response and does not go on.
struct slow_reader {
  explicit slow_reader(server const& s, std::string_view target) : connection(s, 65536) {
    connection.send(get(target, "Connection: close\r\n"));
    head = connection.read_bytes(1000);
  }
  // Everything behind the head, to the end of the connection.
  std::string finish() {
    std::string all = head;
    how = connection.read_to_end(&all);
    std::size_t const end = all.find("\r\n\r\n");
    EXPECT_TRUE(all.starts_with("HTTP/1.1 200"));
    return all.substr(end + 4);
  }
  client connection;
  std::string head;
  ending how = ending::closed;
};

// Entirely the old content, or a part of its beginning: never a byte of another.
void expect_old_or_cut(std::string const& got, std::string const& old) {
  EXPECT_LE(got.size(), old.size());
  EXPECT_TRUE(old.starts_with(got)) << "mixed, " << got.size() << " bytes";
}

TEST(changing_files, a_change_is_seen_by_the_next_request) {
  site const pages;
  server s(pages.root());
  client c(s);
  for (int i = 0; i != 60; ++i) {
    std::string const content =
        "generation " + std::to_string(1000 + i);  // The same size each time.
    if (i % 2 == 0) {
      pages.write("page.html", content);
    } else {
      pages.replace("page.html", content);
    }
    c.send(get("/page.html"));
    ASSERT_EQ(c.read().content, content) << i;
  }
}

TEST(changing_files, a_change_of_a_large_file_is_seen_by_the_next_request) {
  site const pages;
  server s(pages.root());
  client c(s);
  std::string tag;
  for (unsigned i = 1; i != 6; ++i) {
    pages.write("large.bin", pattern(3'000'000, i));
    c.send(get("/large.bin"));
    response const r = c.read();
    ASSERT_TRUE(r.content == pattern(3'000'000, i)) << i;
    EXPECT_NE(r.field("ETag"), tag);
    tag = r.field("ETag").value_or("");
  }
}

TEST(changing_files, new_files_appear_and_deleted_ones_vanish) {
  site const pages;
  server s(pages.root());
  client c(s);
  auto const status = [&c](char const* target) {
    c.send(get(target));
    return c.read().status;
  };
  for (int i = 0; i != 20; ++i) {
    EXPECT_EQ(status("/folder/page.html"), 404);
    pages.write("folder/page.html", "here");
    EXPECT_EQ(status("/folder/page.html"), 200);
    EXPECT_EQ(status("/folder"), 301);
    pages.remove("folder/page.html");
    EXPECT_EQ(status("/folder/page.html"), 404);
    pages.remove("folder");
    EXPECT_EQ(status("/folder"), 404);
  }
}

TEST(changing_files, a_file_takes_the_place_of_a_directory_and_the_other_way) {
  site const pages;
  server s(pages.root());
  for (int i = 0; i != 5; ++i) {
    pages.write("name", "a file");
    EXPECT_EQ(fetch(s, "/name").content, "a file");
    pages.remove("name");
    pages.write("name/index.html", "a directory");
    EXPECT_EQ(fetch(s, "/name").status, 301);
    EXPECT_EQ(fetch(s, "/name/").content, "a directory");
    pages.remove("name");
  }
}

TEST(changing_files, one_that_grows_and_shrinks_is_as_long_as_it_says) {
  site const pages;
  server s(pages.root());
  client c(s);
  for (std::size_t const size : {10U, 100'000U, 0U, 5000U, 2'000'000U, 1U, 70'000U}) {
    pages.write("page.bin", pattern(size));
    c.send(get("/page.bin"));
    response const r = c.read();
    EXPECT_EQ(r.verdict(), "200");
    EXPECT_TRUE(r.content == pattern(size)) << size;
  }
}

TEST(changing_files, one_that_is_replaced_while_it_is_sent_is_sent_as_it_was) {
  site const pages;
  pages.write("large.bin", pattern(large, 1));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  pages.replace("large.bin", pattern(large, 2));
  response const fresh = fetch(s, "/large.bin");
  EXPECT_TRUE(fresh.content == pattern(large, 2));
  EXPECT_TRUE(reader.finish() == pattern(large, 1));
}

TEST(changing_files, one_that_is_deleted_while_it_is_sent_is_sent_as_it_was) {
  site const pages;
  pages.write("large.bin", pattern(large));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  pages.remove("large.bin");
  EXPECT_EQ(fetch(s, "/large.bin").status, 404);
  EXPECT_TRUE(reader.finish() == pattern(large));
}

TEST(changing_files, one_that_is_rewritten_in_place_while_it_is_sent_is_cut) {
  site const pages;
  pages.write("large.bin", pattern(large, 1));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  pages.overwrite("large.bin", 0, pattern(large, 2));
  std::string const got = reader.finish();
  EXPECT_LT(got.size(), large);
  expect_old_or_cut(got, pattern(large, 1));
}

TEST(changing_files, one_that_is_rewritten_while_it_is_sent_is_cut_though_its_time_is_set_back) {
  site const pages;
  pages.write("large.bin", pattern(large, 1));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  auto const time = std::filesystem::last_write_time(pages.root() / "large.bin");
  pages.overwrite("large.bin", 0, pattern(large, 2));
  std::filesystem::last_write_time(pages.root() / "large.bin", time);
  std::string const got = reader.finish();
  EXPECT_LT(got.size(), large);
  expect_old_or_cut(got, pattern(large, 1));
}

// When it was asked for before, it is sent from a copy, which the server makes in the background.
TEST(changing_files, one_that_was_asked_for_often_is_sent_whole_though_it_is_rewritten) {
  site const pages;
  server s(pages.root(), {"--workers", "1"});
  bool was_whole = false;
  for (unsigned i = 0; i != 100 && !was_whole; ++i) {
    std::string const content = pattern(large, i);
    pages.write("large.bin", content);
    for (int again = 0; again != 2; ++again) {
      EXPECT_TRUE(fetch(s, "/large.bin").content == content);
    }
    // The thread that makes the copy gives way to all others.
    std::this_thread::sleep_for(i * std::chrono::milliseconds(20));
    EXPECT_TRUE(fetch(s, "/large.bin").content == content);
    slow_reader reader(s, "/large.bin");
    pages.overwrite("large.bin", 0, pattern(large, i + 1));
    std::string const got = reader.finish();
    was_whole = got.size() == large;
    expect_old_or_cut(got, content);
  }
  EXPECT_TRUE(was_whole);
}

TEST(changing_files, one_whose_end_alone_is_rewritten_while_it_is_sent_is_cut) {
  site const pages;
  pages.write("large.bin", pattern(large, 1));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  pages.overwrite("large.bin", large - 10, "0123456789");
  std::string const got = reader.finish();
  EXPECT_LT(got.size(), large);
  expect_old_or_cut(got, pattern(large, 1));
}

TEST(changing_files, one_that_is_truncated_while_it_is_sent_is_cut) {
  site const pages;
  pages.write("large.bin", pattern(large));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  pages.resize("large.bin", large / 2);
  std::string const got = reader.finish();
  EXPECT_LT(got.size(), large);
  expect_old_or_cut(got, pattern(large));
}

TEST(changing_files, one_that_grows_while_it_is_sent_is_not_longer_than_was_said) {
  site const pages;
  pages.write("large.bin", pattern(large));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  pages.resize("large.bin", large * 2);
  expect_old_or_cut(reader.finish(), pattern(large));
}

TEST(changing_files, one_that_grows_as_a_log_does_stays_readable) {
  site const pages;
  pages.write("log.txt", "");
  server s(pages.root());
  client c(s);
  std::string content;
  for (int i = 0; i != 40; ++i) {
    std::string const line = "line " + std::to_string(i) + "\n";
    pages.overwrite("log.txt", content.size(), line);
    content += line;
    c.send(get("/log.txt"));
    ASSERT_EQ(c.read().content, content);
  }
}

// Files of one repeated byte, rewritten in place by single writes: any mix of generations is seen.
class changing_files_under_fire : public testing::Test {
 protected:
  static constexpr std::size_t small = 30'000;
  static constexpr std::size_t streamed = 1'500'000;

  changing_files_under_fire() {
    pages_.write("small.txt", generation(small, 0));
    pages_.write("large.txt", generation(streamed, 0));
    server_.emplace(pages_.root());
  }

  static std::string generation(std::size_t size, int i) {
    return std::string(size, static_cast<char>('a' + i % 26));
  }
  void rewrite(int i) {
    pages_.overwrite("small.txt", 0, generation(small, i));
    pages_.overwrite("large.txt", 0, generation(streamed, i));
  }
  // One request, whose answer is one generation, cut perhaps, or says that there is none.
  void visit(std::string_view target) {
    client c(*server_, 65536);
    c.send(get(target, "Connection: close\r\n"));
    std::string all;
    ending const how = c.read_to_end(&all);
    std::size_t const end = all.find("\r\n\r\n");
    if (end == std::string::npos) return;  // Cut before the head.
    response const head = parse_head(std::string_view(all).substr(0, end + 4));
    std::string_view const content = std::string_view(all).substr(end + 4);
    if (head.status == 503) return;
    EXPECT_EQ(head.status, 200);
    std::size_t const size = content_length(head, false).value_or(0);
    EXPECT_EQ(size, target == "/small.txt" ? small : streamed);
    EXPECT_TRUE(content.size() == size || (content.size() < size && how == ending::reset));
    if (content.empty()) return;
    whole_ += content.size() == size ? 1 : 0;
    EXPECT_EQ(content.find_first_not_of(content.front()), std::string_view::npos)
        << target << " mixes " << content.front() << " with others";
  }

  site pages_;
  std::optional<server> server_;
  std::atomic<int> whole_ = 0;
};

TEST_F(changing_files_under_fire, no_response_mixes_generations) {
  constexpr int visits = 25;
  std::atomic<int> visitors = 6;
  std::atomic<int> visited = 0;
  std::vector<std::jthread> threads;
  for (int v = 0; v != 6; ++v) {
    threads.emplace_back([&, v] {
      for (int i = 0; i != visits; ++i) {
        visit((v + i) % 3 == 0 ? "/small.txt" : "/large.txt");
        ++visited;
        visited.notify_one();
      }
      --visitors;
      ++visited;
      visited.notify_one();
    });
  }
  // Bursts without a pause; between them the files rest until somebody has an answer.
  for (int i = 1; visitors != 0;) {
    int const before = visited;
    for (int const end = i + 1 + i % 7; i != end; ++i) rewrite(i);
    visited.wait(before);
  }
  threads.clear();
  EXPECT_GT(whole_, 0);
}

TEST_F(changing_files_under_fire, without_a_pause_no_response_mixes_generations) {
  std::atomic<bool> stop = false;
  std::jthread writer([&] {
    for (int i = 1; !stop; ++i) rewrite(i);
  });
  {
    std::vector<std::jthread> threads;
    for (char const* target : {"/small.txt", "/large.txt", "/large.txt", "/small.txt"}) {
      threads.emplace_back([this, target] {
        visit(target);
        visit(target);
      });
    }
  }
  stop = true;
  writer.join();
  // At rest again, they are whole.
  EXPECT_EQ(fetch(*server_, "/small.txt").content.size(), small);
  EXPECT_EQ(fetch(*server_, "/large.txt").content.size(), streamed);
}

}  // namespace
}  // namespace quire::test
