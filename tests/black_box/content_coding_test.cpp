// Files that lie encoded beside themselves: RFC 9110, sections 8.4, 12.1 and 12.5.3.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace quire::test {
namespace {

// What is in the files need not be what their names say: the server does not look.
class content_coding : public testing::Test {
 protected:
  content_coding() {
    for (char const* name : {"page.html", "plain.html", "folder/index.html"}) {
      pages_.write(name, "the page");
      pages_.set_age(name, std::chrono::hours(2));
    }
    encode("page.html", ".br", "in br");
    encode("page.html", ".gz", "in gzip");
    encode("folder/index.html", ".zst", "in zstd");
  }
  void encode(std::string const& name, std::string const& extension, std::string_view content,
              std::chrono::hours age = std::chrono::hours(1)) {
    pages_.write(name + extension, content);
    pages_.set_age(name + extension, age);
  }
  void start(std::vector<std::string> const& arguments = {}) {
    server_.emplace(pages_.root(), arguments);
  }
  response ask_for(std::string_view target, std::string_view codings, std::string_view more = {}) {
    return fetch(*server_, target, accept_encoding(codings).append(more));
  }

  site pages_;
  std::optional<server> server_;
};

TEST_F(content_coding, the_one_that_the_client_wants_most_is_sent) {
  start();
  response const r = ask_for("/page.html", "gzip, deflate, br, zstd");
  EXPECT_EQ(r.verdict(), "200");
  EXPECT_EQ(r.content, "in br");
  EXPECT_EQ(r.field("Content-Encoding"), "br");
  EXPECT_EQ(r.field("Content-Type"), "text/html; charset=utf-8");
  EXPECT_EQ(r.field("Vary"), "Accept-Encoding");
  expect_well_formed(r);
  EXPECT_EQ(ask_for("/page.html", "gzip").content, "in gzip");
  EXPECT_EQ(ask_for("/page.html", "gzip;q=0.9, br;q=0.2").content, "in gzip");
  EXPECT_EQ(ask_for("/page.html", "*").content, "in br");
  EXPECT_EQ(ask_for("/folder/", "br, zstd").content, "in zstd");
  EXPECT_EQ(ask_for("/folder/index.html", "br, zstd").content, "in zstd");
}

TEST_F(content_coding, who_wants_none_gets_the_file_and_is_told_that_it_varies) {
  start();
  for (std::string const& fields : {std::string(), accept_encoding(""), accept_encoding("zstd"),
                                    accept_encoding("identity, br;q=0.1"),
                                    accept_encoding("br;q=0"), accept_encoding("br;q=nonsense")}) {
    response const r = fetch(*server_, "/page.html", fields);
    EXPECT_EQ(r.content, "the page") << fields;
    EXPECT_FALSE(r.has("Content-Encoding")) << fields;
    EXPECT_EQ(r.field("Vary"), "Accept-Encoding") << fields;
  }
}

TEST_F(content_coding, where_nothing_is_negotiated_nothing_varies) {
  start();
  for (char const* target : {"/plain.html", "/absent", "/folder"}) {
    EXPECT_FALSE(ask_for(target, "br").has("Vary")) << target;
  }
}

TEST_F(content_coding, the_encoded_file_by_its_own_name_is_a_file_like_others) {
  start();
  response const r = ask_for("/page.html.gz", "gzip");
  EXPECT_EQ(r.content, "in gzip");
  EXPECT_FALSE(r.has("Content-Encoding"));
  EXPECT_NE(r.field("Content-Type"), "text/html; charset=utf-8");
}

TEST_F(content_coding, an_older_one_is_not_sent) {
  encode("page.html", ".br", "old", std::chrono::hours(3));
  start();
  EXPECT_EQ(ask_for("/page.html", "br").content, "the page");
  EXPECT_EQ(ask_for("/page.html", "br, gzip").content, "in gzip");
}

TEST_F(content_coding, one_that_cannot_be_read_is_not_sent) {
  pages_.remove("page.html.br");
  pages_.make_fifo("page.html.br");
  pages_.remove("page.html.gz");
  pages_.make_directory("page.html.gz");
  start();
  EXPECT_EQ(ask_for("/page.html", "br, gzip").content, "the page");
}

TEST_F(content_coding, tags_are_its_own_and_conditions_are_about_it) {
  encode("page.html", ".br", "the page");  // The same bytes as the file.
  start();
  std::string const plain = *fetch(*server_, "/page.html").field("ETag");
  std::string const encoded = *ask_for("/page.html", "br").field("ETag");
  EXPECT_NE(plain, encoded);
  response const same = ask_for("/page.html", "br", "If-None-Match: " + encoded + "\r\n");
  EXPECT_EQ(same.status, 304);
  EXPECT_EQ(same.field("ETag"), encoded);
  EXPECT_EQ(same.field("Vary"), "Accept-Encoding");
  EXPECT_EQ(ask_for("/page.html", "br", "If-None-Match: " + plain + "\r\n").status, 200);
  EXPECT_EQ(ask_for("/page.html", "br", "If-Match: " + plain + "\r\n").status, 412);
}

TEST_F(content_coding, ranges_count_its_bytes) {
  std::string const text = pattern(400'000);
  encode("page.html", ".br", text);
  start();
  response const one = ask_for("/page.html", "br", "Range: bytes=1000-1999\r\n");
  EXPECT_EQ(one.status, 206);
  EXPECT_EQ(one.content, text.substr(1000, 1000));
  EXPECT_EQ(one.field("Content-Range"), "bytes 1000-1999/400000");
  EXPECT_EQ(one.field("Content-Encoding"), "br");
  EXPECT_EQ(one.field("Vary"), "Accept-Encoding");
  response const two = ask_for("/page.html", "br", "Range: bytes=0-9,1000-1009\r\n");
  EXPECT_EQ(two.status, 206);
  EXPECT_FALSE(two.has("Content-Encoding"));  // The parts say it.
  EXPECT_NE(two.content.find("Content-Type: text/html; charset=utf-8\r\nContent-Encoding: br\r\n"
                             "Content-Range: bytes 0-9/400000\r\n\r\n" +
                             text.substr(0, 10) + "\r\n--"),
            std::string::npos);
}

TEST_F(content_coding, large_ones_are_streamed) {
  std::string const text = pattern(3'000'000);
  encode("page.html", ".br", text);
  start();
  client c(*server_);
  for (int i = 0; i != 3; ++i) {
    c.send(get("/page.html", accept_encoding("br")) + get("/page.html"));
    EXPECT_TRUE(c.read().content == text);
    EXPECT_EQ(c.read().content, "the page");
  }
}

TEST_F(content_coding, what_is_not_acceptable_at_all_is_406) {
  start();
  response const r = ask_for("/plain.html", "identity;q=0");
  expect_error_page(r, 406);
  EXPECT_EQ(r.field("Vary"), "Accept-Encoding");
  expect_error_page(ask_for("/page.html", "zstd, *;q=0"), 406);
  EXPECT_EQ(ask_for("/page.html", "br, identity;q=0").content, "in br");
}

TEST_F(content_coding, they_may_come_change_and_go) {
  start();
  // Within a second, or with the first that comes: nobody is told when.
  auto const until = [this](std::string_view content) {
    auto const begin = std::chrono::steady_clock::now();
    while (ask_for("/plain.html", "gzip").content != content) {
      if (std::chrono::steady_clock::now() - begin > patience) return false;
    }
    return true;
  };
  EXPECT_TRUE(until("the page"));
  pages_.replace("plain.html.gz", "one");
  EXPECT_TRUE(until("one"));
  pages_.replace("plain.html.gz", "two");
  EXPECT_TRUE(until("two"));
  pages_.remove("plain.html.gz");
  EXPECT_EQ(ask_for("/plain.html", "gzip").content, "the page");
  EXPECT_TRUE(until("the page"));
}

TEST_F(content_coding, a_new_file_makes_the_encoded_ones_old) {
  start();
  EXPECT_EQ(ask_for("/page.html", "br").content, "in br");
  pages_.replace("page.html", "the new page");
  EXPECT_EQ(ask_for("/page.html", "br").content, "the new page");
  pages_.replace("page.html.br", "the new page in br");
  for (auto const begin = std::chrono::steady_clock::now();
       ask_for("/page.html", "br").content != "the new page in br";) {
    ASSERT_LT(std::chrono::steady_clock::now() - begin, patience);
  }
}

TEST_F(content_coding, which_are_looked_for_can_be_set) {
  start({"--precompressed", "gzip"});
  EXPECT_EQ(ask_for("/page.html", "gzip, br").content, "in gzip");
  EXPECT_EQ(ask_for("/page.html", "br").content, "the page");
  server off(pages_.root(), {"--precompressed", "off"});
  response const r = fetch(off, "/page.html", accept_encoding("gzip, br"));
  EXPECT_EQ(r.content, "the page");
  EXPECT_FALSE(r.has("Vary"));
}

TEST_F(content_coding, without_a_cache_it_is_the_same) {
  start({"--cache-size", "0"});
  for (int i = 0; i != 3; ++i) {
    EXPECT_EQ(ask_for("/page.html", "br").content, "in br");
    EXPECT_EQ(ask_for("/page.html", "deflate").content, "the page");
  }
}

}  // namespace
}  // namespace quire::test
