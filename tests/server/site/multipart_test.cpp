#include <quire/server/site/multipart.hpp>

#include <gtest/gtest.h>

#include <string>

namespace quire::server {
namespace {

using quire::http::byte_extent;

multipart form() {
  multipart m{{}, "text/plain", 1000};
  m.boundary.fill('b');
  return m;
}

std::string head(byte_extent const& e, bool is_first, std::size_t room = part_head_max) {
  std::string memory(room, '\0');
  auto const size = write_part_head(form(), e, is_first, memory);
  return size ? memory.substr(0, *size) : "nothing";
}

TEST(multipart, a_part_begins_with_its_delimiter_and_two_fields) {
  EXPECT_EQ(head({0, 9}, true),
            "--bbbbbbbbbbbbbbbb\r\nContent-Type: text/plain\r\n"
            "Content-Range: bytes 0-9/1000\r\n\r\n");
  EXPECT_EQ(head({500, 501}, false),
            "\r\n--bbbbbbbbbbbbbbbb\r\nContent-Type: text/plain\r\n"
            "Content-Range: bytes 500-501/1000\r\n\r\n");
}

TEST(multipart, ends_with_the_close_delimiter) {
  std::string memory(100, '\0');
  auto const size = write_multipart_end(form(), memory);
  EXPECT_EQ(memory.substr(0, size.value_or(0)), "\r\n--bbbbbbbbbbbbbbbb--\r\n");
}

TEST(multipart, says_nothing_where_there_is_no_room) {
  std::size_t const size = head({0, 9}, true).size();
  EXPECT_NE(head({0, 9}, true, size), "nothing");
  EXPECT_EQ(head({0, 9}, true, size - 1), "nothing");
}

TEST(multipart, knows_how_long_it_will_be) {
  byte_extent const extents[] = {{0, 9}, {500, 501}, {999, 999}};
  std::size_t const heads = head(extents[0], true).size() + head(extents[1], false).size() +
                            head(extents[2], false).size();
  EXPECT_EQ(multipart_length(form(), extents), heads + 10 + 2 + 1 + 24);
}

TEST(multipart, boundaries_differ) {
  auto const text = [](std::uint64_t seed, std::uint64_t number) {
    auto const b = make_boundary(seed, number);
    return std::string(b.begin(), b.end());
  };
  EXPECT_EQ(text(1, 1), text(1, 1));
  EXPECT_NE(text(1, 1), text(1, 2));
  EXPECT_NE(text(1, 1), text(2, 1));
  EXPECT_EQ(text(1, 1).find_first_not_of("0123456789abcdef"), std::string::npos);
}

}  // namespace
}  // namespace quire::server
