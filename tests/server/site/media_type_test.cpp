#include <quire/server/site/media_type.hpp>

#include <gtest/gtest.h>

#include <string>

using namespace quire::server;

namespace {

TEST(media_type, knows_what_websites_are_made_of) {
  struct row {
    char const* path;
    char const* type;
  };
  row const rows[] = {
      {"index.html", "text/html; charset=utf-8"},
      {"a/b.htm", "text/html; charset=utf-8"},
      {"style.css", "text/css; charset=utf-8"},
      {"app.js", "text/javascript; charset=utf-8"},
      {"app.mjs", "text/javascript; charset=utf-8"},
      {"a.txt", "text/plain; charset=utf-8"},
      {"a.md", "text/markdown; charset=utf-8"},
      {"a.csv", "text/csv; charset=utf-8"},
      {"a.ics", "text/calendar; charset=utf-8"},
      {"a.vtt", "text/vtt; charset=utf-8"},
      {"a.json", "application/json"},
      {"app.js.map", "application/json"},
      {"a.webmanifest", "application/manifest+json"},
      {"a.xml", "application/xml"},
      {"a.rss", "application/rss+xml"},
      {"a.atom", "application/atom+xml"},
      {"a.xhtml", "application/xhtml+xml"},
      {"a.svg", "image/svg+xml"},
      {"a.png", "image/png"},
      {"a.jpg", "image/jpeg"},
      {"a.jpeg", "image/jpeg"},
      {"a.gif", "image/gif"},
      {"a.webp", "image/webp"},
      {"a.avif", "image/avif"},
      {"favicon.ico", "image/x-icon"},
      {"a.woff", "font/woff"},
      {"a.woff2", "font/woff2"},
      {"a.ttf", "font/ttf"},
      {"a.wasm", "application/wasm"},
      {"a.pdf", "application/pdf"},
      {"a.zip", "application/zip"},
      {"a.tar.gz", "application/gzip"},
      {"a.zst", "application/zstd"},
      {"a.mp4", "video/mp4"},
      {"a.webm", "video/webm"},
      {"a.mp3", "audio/mpeg"},
      {"a.wav", "audio/wav"},
      {"a.exe", "application/octet-stream"},
      {"a.123", "application/vnd.lotus-1-2-3"},  // the first of the table
      {"a.zmm", "application/vnd.handheld-entertainment+xml"},
      {"a.disposition-notification", "message/disposition-notification"},  // the longest
  };
  for (auto const& row : rows) EXPECT_EQ(media_type_of(row.path).text, row.type) << row.path;
}

TEST(media_type, does_not_regard_case) {
  EXPECT_EQ(media_type_of("INDEX.HTML").text, "text/html; charset=utf-8");
  EXPECT_EQ(media_type_of("a.JpG").text, "image/jpeg");
}

TEST(media_type, takes_the_last_extension_of_the_last_name) {
  EXPECT_EQ(media_type_of("a.html/b.png").text, "image/png");
  EXPECT_EQ(media_type_of("a.png.html").text, "text/html; charset=utf-8");
  for (auto const* path : {"", "a", "a.html/b", "a/.html", ".html", "a.", "html", "a.html/",
                           "a.nosuch", "a.html ", "a.\x80", "a.toolongtobeanextensionofanything"}) {
    EXPECT_EQ(media_type_of(path).text, "application/octet-stream") << path;
  }
}

TEST(media_type, knows_what_a_compression_makes_smaller) {
  for (auto const* path : {"a.html", "a.css", "a.js", "a.json", "a.svg", "a.wasm", "a.xml"}) {
    EXPECT_TRUE(media_type_of(path).compressible) << path;
  }
  for (auto const* path : {"a.png", "a.jpg", "a.mp4", "a.zip", "a.gz", "a.woff2", "a"}) {
    EXPECT_FALSE(media_type_of(path).compressible) << path;
  }
}

}  // namespace
