// Files that change: seen at the next request, and never mixed into one response.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <atomic>
#include <mutex>
#include <thread>

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
  for (int i = 0; i != 200; ++i) {
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
  expect_old_or_cut(reader.finish(), pattern(large, 1));
}

TEST(changing_files, one_that_is_deleted_while_it_is_sent_is_sent_as_it_was) {
  site const pages;
  pages.write("large.bin", pattern(large));
  server s(pages.root());
  slow_reader reader(s, "/large.bin");
  pages.remove("large.bin");
  EXPECT_EQ(fetch(s, "/large.bin").status, 404);
  expect_old_or_cut(reader.finish(), pattern(large));
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
  for (int i = 0; i != 100; ++i) {
    std::string const line = "line " + std::to_string(i) + "\n";
    pages.overwrite("log.txt", content.size(), line);
    content += line;
    c.send(get("/log.txt"));
    ASSERT_EQ(c.read().content, content);
  }
}

// A writer rewrites files in place while they are sent: each response is one generation, or is cut.
// A write in the middle of which a request comes is beyond what a server can see: they are kept
// apart.
TEST(changing_files, under_fire_no_response_mixes_generations) {
  site const pages;
  constexpr std::size_t small = 30'000;
  constexpr std::size_t streamed = 1'500'000;
  auto const generation = [](std::size_t size, int i) {
    return std::string(size, static_cast<char>('a' + i % 26));
  };
  pages.write("small.txt", generation(small, 0));
  pages.write("large.txt", generation(streamed, 0));
  server s(pages.root());
  std::atomic<bool> stop = false;
  std::mutex writing;
  std::thread writer([&] {
    for (int i = 1; !stop; ++i) {
      std::lock_guard const lock(writing);
      pages.overwrite("small.txt", 0, generation(small, i));
      if (i % 8 == 0) pages.overwrite("large.txt", 0, generation(streamed, i));
    }
  });
  for (int i = 0; i != 150; ++i) {
    client c(s);
    std::string const target = i % 2 == 0 ? "/small.txt" : "/large.txt";
    std::string all;
    {
      std::lock_guard const lock(writing);
      c.send(get(target, "Connection: close\r\n"));
      all = c.read_bytes(1);
    }
    c.read_to_end(&all);
    std::size_t const end = all.find("\r\n\r\n");
    if (end == std::string::npos) continue;  // Cut before the head.
    if (all.starts_with("HTTP/1.1 503")) continue;
    EXPECT_TRUE(all.starts_with("HTTP/1.1 200")) << all.substr(0, 20);
    std::string_view const content = std::string_view(all).substr(end + 4);
    if (content.empty()) continue;
    EXPECT_EQ(content.find_first_not_of(content.front()), std::string_view::npos)
        << target << " mixes " << content.front() << " with others, request " << i;
  }
  stop = true;
  writer.join();
  // At rest again, it is whole.
  EXPECT_EQ(fetch(s, "/small.txt").content.size(), small);
  EXPECT_EQ(fetch(s, "/large.txt").content.size(), streamed);
}

}  // namespace
}  // namespace quire::test
