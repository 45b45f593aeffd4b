// Which file answers, and what the response says of it.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace quire::test {
namespace {

TEST(files, get_sends_the_content) {
  site const pages;
  pages.write("hello.txt", "hello\n");
  server s(pages.root());
  response const r = fetch(s, "/hello.txt");
  EXPECT_EQ(r.verdict(), "200");
  EXPECT_EQ(r.reason, "OK");
  EXPECT_EQ(r.content, "hello\n");
  EXPECT_EQ(r.field("Content-Length"), "6");
  EXPECT_EQ(r.field("Accept-Ranges"), "bytes");
  EXPECT_FALSE(r.has("Connection"));
  expect_well_formed(r);
}

TEST(files, head_says_what_get_says_without_content) {
  site const pages;
  pages.write("small.txt", pattern(1000));
  pages.write("large.bin", pattern(3'000'000));
  server s(pages.root());
  for (std::string const name : {"/small.txt", "/large.bin", "/absent", "/small.txt/"}) {
    client c(s);
    c.send(request("HEAD", name) + get(name));
    response head = c.read(true);
    response full = c.read();
    EXPECT_EQ(head.status, full.status) << name;
    EXPECT_EQ(head.content, "");
    EXPECT_EQ(head.field("Content-Length"), std::to_string(full.content.size())) << name;
    std::erase_if(head.fields, [](auto const& f) { return f.first == "Date"; });
    std::erase_if(full.fields, [](auto const& f) { return f.first == "Date"; });
    EXPECT_EQ(head.fields, full.fields) << name;
  }
}

TEST(files, sizes_around_pages_and_chunks_arrive_whole) {
  site const pages;
  server s(pages.root());
  client c(s);
  for (std::size_t const size : {0U, 1U, 4095U, 4096U, 4097U, 65535U, 65536U, 131071U, 131072U,
                                 131073U, 1048575U, 1048576U, 1048577U, 5000000U}) {
    std::string const name = "of-" + std::to_string(size);
    pages.write(name, pattern(size));
    for (int again = 0; again != 2; ++again) {  // From the disk, then from the cache.
      c.send(get("/" + name));
      response const r = c.read();
      EXPECT_EQ(r.verdict(), "200") << size;
      EXPECT_TRUE(r.content == pattern(size)) << size;
    }
  }
}

TEST(files, a_directory_answers_with_its_index) {
  site const pages;
  pages.write("index.html", "<p>top");
  pages.write("a/b/index.html", "<p>below");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/").content, "<p>top");
  EXPECT_EQ(fetch(s, "/?a=b").content, "<p>top");
  EXPECT_EQ(fetch(s, "/a/b/").content, "<p>below");
  EXPECT_EQ(fetch(s, "/a/b/index.html").content, "<p>below");
  EXPECT_EQ(fetch(s, "/a/b/").field("Content-Type"), "text/html; charset=utf-8");
}

TEST(files, a_directory_without_an_index_is_not_listed) {
  site const pages;
  pages.write("closed/name-nobody-may-see.txt", "x");
  server s(pages.root());
  response const r = fetch(s, "/closed/");
  expect_error_page(r, r.status == 403 ? 403 : 404);
  EXPECT_EQ(r.content.find("nobody"), std::string::npos);
}

TEST(files, media_types_come_from_the_extension_with_a_charset_for_text) {
  site const pages;
  std::vector<std::pair<std::string, std::string>> const types = {
      {"a.html", "text/html; charset=utf-8"},
      {"a.HTM", "text/html; charset=utf-8"},
      {"a.css", "text/css; charset=utf-8"},
      {"a.js", "text/javascript; charset=utf-8"},
      {"a.mjs", "text/javascript; charset=utf-8"},
      {"a.txt", "text/plain; charset=utf-8"},
      {"a.md", "text/markdown; charset=utf-8"},
      {"a.json", "application/json"},
      {"a.svg", "image/svg+xml"},
      {"a.png", "image/png"},
      {"a.jpeg", "image/jpeg"},
      {"a.webp", "image/webp"},
      {"a.avif", "image/avif"},
      {"a.wasm", "application/wasm"},
      {"a.woff2", "font/woff2"},
      {"a.pdf", "application/pdf"},
      {"a.mp4", "video/mp4"},
      {"a.webmanifest", "application/manifest+json"},
      {"a.unheard-of", "application/octet-stream"},
      {"plain", "application/octet-stream"}};
  for (auto const& [name, type] : types) pages.write(name, "content");
  server s(pages.root());
  for (auto const& [name, type] : types) {
    EXPECT_EQ(fetch(s, "/" + name).field("Content-Type").value_or("none"), type) << name;
  }
}

// Each name is that of a file which holds it, found under its target.
void expect_names(std::vector<std::pair<std::string, std::string>> const& names) {
  site const pages;
  for (auto const& [name, target] : names) pages.write(name, name);
  server s(pages.root());
  for (auto const& [name, target] : names) {
    response const r = fetch(s, target);
    if (name.starts_with('.')) {
      expect_error_page(r, 404);  // Hidden, however it is spelt.
    } else {
      EXPECT_EQ(r.verdict(), "200") << target;
      EXPECT_EQ(r.content, name);
    }
  }
}

TEST(files, names_may_hold_what_file_systems_allow) {
  expect_names(
      {{"with space.txt", "/with%20space.txt"},
       {"Grüße.txt", "/Gr%C3%BC%C3%9Fe.txt"},
       {"日本語/ページ.txt", "/%E6%97%A5%E6%9C%AC%E8%AA%9E/%e3%83%9a%e3%83%bc%e3%82%b8.txt"},
       {"100%.txt", "/100%25.txt"},
       {"a%20b.txt", "/a%2520b.txt"},
       {"a+b.txt", "/a+b.txt"},
       {"number#1.txt", "/number%231.txt"},
       {"semi;colon,comma=1.txt", "/semi;colon,comma=1.txt"},
       {"quote'.txt", "/quote%27.txt"},
       {"tilde~!$&()@.txt", "/tilde~!$&()@.txt"},
       {"..almost", "/%2e%2ealmost"},
       {std::string(160, 'n'), "/" + std::string(160, 'n')}});
}

TEST(files, names_may_hold_what_only_posix_allows) {
  expect_names({{"why?.txt", "/why%3F.txt"},
                {"quote\".txt", "/quote%22.txt"},
                {"<b>.txt", "/%3Cb%3E.txt"},
                {"star*.txt", "/star*.txt"},
                {"\xff\xfe.txt", "/%FF%FE.txt"},
                {std::string(255, 'n'), "/" + std::string(255, 'n')}});
}

TEST(files, the_query_does_not_choose_the_file) {
  site const pages;
  pages.write("page.html", "page");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/page.html?").content, "page");
  EXPECT_EQ(fetch(s, "/page.html?a=/../../etc/passwd&b=%00").content, "page");
  EXPECT_EQ(fetch(s, "/page.html?x?y/z").content, "page");
}

TEST(files, the_absolute_form_is_understood) {
  site const pages;
  pages.write("page.html", "page");
  pages.write("index.html", "index");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "http://example.com/page.html").content, "page");
  EXPECT_EQ(fetch(s, "HTTP://EXAMPLE.COM:80/page.html?q").content, "page");
  EXPECT_EQ(fetch(s, "http://example.com").content, "index");
  EXPECT_EQ(fetch(s, "http://example.com?q").content, "index");
}

TEST(files, a_name_that_is_too_long_is_not_found) {
  site const pages;
  server s(pages.root());
  expect_error_page(fetch(s, "/" + std::string(256, 'n')), 404);
  std::string deep;
  for (int i = 0; i != 1000; ++i) deep += "/abc";
  response const r = fetch(s, deep);
  expect_error_page(r, r.status == 414 ? 414 : 404);
}

TEST(files, ten_thousand_files_are_served) {
  site const pages;
  auto const name = [](int i) {
    return "many/" + std::to_string(i % 100) + "/" + std::to_string(i);
  };
  for (int i = 0; i != 10'000; ++i) pages.write(name(i), "file " + std::to_string(i));
  server s(pages.root());
  client c(s);
  for (int i = 0; i != 10'000; i += 50) {
    std::string batch;
    for (int k = i; k != i + 50; ++k) batch += get("/" + name(k));
    c.send(batch);
    for (int k = i; k != i + 50; ++k) {
      ASSERT_EQ(c.read().content, "file " + std::to_string(k));
    }
  }
}

TEST(files, a_sparse_file_of_five_gigabytes_is_served_at_its_end) {
  site const pages;
  constexpr std::uint64_t size = 5'000'000'000;
  pages.write("large.bin", "");
  pages.resize("large.bin", size);
  pages.overwrite("large.bin", size - 4, "tail");
  server s(pages.root());
  response const r = fetch(s, "/large.bin", "Range: bytes=4999999990-\r\n");
  EXPECT_EQ(r.verdict(), "206");
  EXPECT_EQ(r.field("Content-Range"), "bytes 4999999990-4999999999/5000000000");
  EXPECT_EQ(r.content, std::string(6, '\0') + "tail");
  EXPECT_EQ(ask(s, request("HEAD", "/large.bin")).field("Content-Length"), "5000000000");
  // A client that goes away in the middle harms nobody.
  {
    client c(s);
    c.send(get("/large.bin"));
    c.read_bytes(1'000'000);
    c.reset();
  }
  EXPECT_EQ(fetch(s, "/large.bin", "Range: bytes=-2\r\n").content, "il");
}

}  // namespace
}  // namespace quire::test
