#include <quire/server/representation_head.hpp>

#include <gtest/gtest.h>

#include <string>

namespace quire::server {
namespace {

std::string tag_of(std::string text, std::size_t cut) {
  page front(text.data(), text.data() + cut);
  page back(text.data() + cut, text.data() + text.size());
  front.commit_write(cut);
  back.commit_write(text.size() - cut);
  buffer b;
  b.push(&front);
  b.push(&back);
  std::string tag = content_entity_tag(b);
  b.pop();
  b.pop();
  return tag;
}

TEST(representation_head, the_tag_depends_on_the_content_and_not_on_its_pages) {
  std::string const text = "the quick brown fox jumps over the lazy dog";
  std::string const tag = tag_of(text, 0);
  EXPECT_EQ(tag.size(), 18U);
  EXPECT_EQ(tag.front(), '"');
  EXPECT_EQ(tag.back(), '"');
  for (std::size_t cut = 1; cut <= text.size(); ++cut) ASSERT_EQ(tag_of(text, cut), tag);
  EXPECT_NE(tag_of("the quick brown fox jumps over the lazy cat", 0), tag);
}

TEST(representation_head, leaves_room_for_the_date) {
  prepared_head const made =
      representation_head({"text/html; charset=utf-8", "\"x\"", 784111777, 1024});
  std::string_view const head = made.text();
  EXPECT_EQ(head.substr(made.date_offset(), 29), std::string(29, ' '));
  EXPECT_EQ(head.substr(made.date_offset() - 6, 6), "Date: ");
  EXPECT_EQ(head.substr(0, 17), "HTTP/1.1 200 OK\r\n");
  EXPECT_NE(head.find("Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"), std::string::npos);
  EXPECT_NE(head.find("Content-Length: 1024\r\n"), std::string::npos);
  EXPECT_NE(head.find("ETag: \"x\"\r\n"), std::string::npos);
  EXPECT_LT(made.date_offset(), head.find(made.validators()));
  EXPECT_LT(head.find(made.validators()) + made.validators().size(), head.size());
}

TEST(representation_head, knows_the_lines_that_304_repeats) {
  prepared_head const head = representation_head({.media_type = "text/html",
                                                  .entity_tag = "\"x\"",
                                                  .last_modified = 784111777,
                                                  .content_coding = "br",
                                                  .varies = true});
  EXPECT_EQ(head.validators(),
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\nETag: \"x\"\r\n"
            "Vary: Accept-Encoding\r\n");
}

TEST(representation_head, may_be_of_any_length) {
  for (std::size_t const size : {0U, 1U, 295U, 296U, 297U, 1000U}) {
    std::string text(size, 'x');
    if (size != 0) text.back() = 'y';
    prepared_head const made(text, 0, 0, size);
    prepared_head const copy = made;
    EXPECT_EQ(copy.text(), text) << size;
    EXPECT_EQ(copy.validators(), text) << size;
  }
}

}  // namespace
}  // namespace quire::server
