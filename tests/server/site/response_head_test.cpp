#include <quire/server/site/response_head.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <string>

using namespace quire::server;

namespace {

constexpr char date[] = "Sun, 06 Nov 1994 08:49:37 GMT";
std::span<char const, 29> const date_text{date, 29};

void write_file_head(response_head& head) {
  head.start(status::ok, date_text);
  head.content_type("text/html; charset=utf-8");
  head.content_length(1234);
  head.last_modified(784111777);
  head.entity_tag("\"a-b\"");
  head.accept_ranges();
  head.connection_keep_alive();
  head.end();
}

TEST(response_head, writes_the_head_of_a_file) {
  char out[500];
  response_head head{out};
  write_file_head(head);
  ASSERT_TRUE(head.size());
  EXPECT_EQ(std::string(out, *head.size()),
            "HTTP/1.1 200 OK\r\n"
            "Server: quire\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Type: text/html; charset=utf-8\r\n"
            "Content-Length: 1234\r\n"
            "Last-Modified: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "ETag: \"a-b\"\r\n"
            "Accept-Ranges: bytes\r\n"
            "Connection: keep-alive\r\n"
            "\r\n");
}

TEST(response_head, writes_the_heads_of_parts_and_refusals) {
  char out[500];
  response_head part{out};
  part.start(status::partial_content, date_text);
  part.content_range({0, 9}, 18446744073709551615u);
  part.end();
  EXPECT_EQ(std::string(out, *part.size()),
            "HTTP/1.1 206 Partial Content\r\nServer: quire\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Range: bytes 0-9/18446744073709551615\r\n\r\n");
  response_head unsatisfied{out};
  unsatisfied.start(status::range_not_satisfiable, date_text);
  unsatisfied.unsatisfied_range(47);
  unsatisfied.connection_close();
  unsatisfied.end();
  EXPECT_EQ(std::string(out, *unsatisfied.size()),
            "HTTP/1.1 416 Range Not Satisfiable\r\nServer: quire\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Content-Range: bytes */47\r\nConnection: close\r\n\r\n");
  response_head other{out};
  other.start(status::method_not_allowed, date_text);
  other.allow("GET, HEAD");
  other.location("/a/?b");
  other.field("X", 7);
  EXPECT_EQ(std::string(out, *other.size()),
            "HTTP/1.1 405 Method Not Allowed\r\nServer: quire\r\n"
            "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n"
            "Allow: GET, HEAD\r\nLocation: /a/?b\r\nX: 7\r\n");
}

TEST(response_head, says_where_the_date_stands) {
  char out[500];
  response_head head{out};
  write_file_head(head);
  EXPECT_EQ(std::string(out + head.date_offset(), 29), date);
  std::memcpy(out + head.date_offset(), "Mon, 07 Nov 1994 00:00:00 GMT", 29);
  EXPECT_NE(std::string(out, *head.size()).find("\r\nDate: Mon, 07 Nov 1994 00:00:00 GMT\r\n"),
            std::string::npos);
}

TEST(response_head, never_writes_beyond_the_room_it_has) {
  char whole[500];
  response_head all{whole};
  write_file_head(all);
  std::size_t const size = all.size().value();
  for (std::size_t room = 0; room <= size; ++room) {
    std::string out(size + 10, '#');
    response_head head{std::span(out.data(), room)};
    write_file_head(head);
    EXPECT_EQ(head.size().has_value(), room == size);
    EXPECT_EQ(out.find_first_not_of('#', room), std::string::npos) << room;
  }
}

TEST(response_head, lets_no_value_end_its_field_line) {
  using namespace std::string_view_literals;
  for (auto const value : {"a\r\nX: y"sv, "a\n"sv, "\r"sv, "a\0b"sv, "\x7f"sv, "\x1b"sv}) {
    char out[500];
    response_head head{out};
    head.start(status::ok, date_text);
    head.location(value);
    head.end();
    EXPECT_FALSE(head.size());
  }
  char out[500];
  response_head head{out};
  head.field("X", "a\tb \xc3\xbc");
  EXPECT_TRUE(head.size());
}

TEST(response_head, refuses_a_date_that_cannot_be_stated) {
  char out[500];
  response_head head{out};
  head.last_modified(253402300800);
  EXPECT_FALSE(head.size());
}

}  // namespace
