#include <quire/server/site/text_writer.hpp>

#include <gtest/gtest.h>

#include <string>

using quire::server::text_writer;

namespace {

TEST(text_writer, writes_texts_and_numbers) {
  char out[100];
  text_writer writer{out};
  writer.text("a");
  writer.character('b');
  writer.decimal(0);
  writer.text(" ");
  writer.decimal(18446744073709551615u);
  writer.text(" ");
  writer.hexadecimal(0xdeadbeef);
  ASSERT_EQ(writer.size(), 33u);
  EXPECT_EQ(std::string(out, 33), "ab0 18446744073709551615 deadbeef");
}

TEST(text_writer, writes_nothing_after_what_did_not_fit) {
  char out[5] = {'x', 'x', 'x', 'x', 'x'};
  text_writer writer{std::span(out).first(4)};
  writer.text("abc");
  EXPECT_EQ(writer.size(), 3u);
  writer.text("de");
  EXPECT_EQ(writer.size(), std::nullopt);
  writer.text("f");
  EXPECT_TRUE(writer.failed());
  EXPECT_EQ(std::string(out, 5), "abcxx");
}

TEST(text_writer, fills_its_memory_to_the_last_byte) {
  char out[3];
  text_writer writer{out};
  writer.text("abc");
  writer.text("");
  EXPECT_EQ(writer.size(), 3u);
}

TEST(text_writer, passes_on_what_others_wrote) {
  char out[4];
  text_writer writer{out};
  writer.text("a");
  ASSERT_EQ(writer.room().size(), 3u);
  writer.room()[0] = 'b';
  writer.wrote(1);
  writer.text("c");
  EXPECT_EQ(std::string(out, *writer.size()), "abc");
  writer.wrote(std::nullopt);
  EXPECT_EQ(writer.size(), std::nullopt);
}

}  // namespace
