// How long a connection lasts, and requests that do not wait for answers. RFC 9112, section 9.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <optional>

namespace quire::test {
namespace {

class persistence : public testing::Test {
 protected:
  persistence() {
    for (int i = 0; i != 10; ++i) pages_.write(std::to_string(i), "file " + std::to_string(i));
    pages_.write("large.bin", pattern(2'000'000));
    server_.emplace(pages_.root());
  }

  // True when the response is the last one of its connection.
  bool closes_after(std::string_view request_bytes) {
    client c(*server_);
    c.send(request_bytes);
    response const r = c.read(request_bytes.starts_with("HEAD"));
    last_connection_field_ = r.field("Connection").value_or("");
    if (!r.keeps_connection()) {
      EXPECT_EQ(c.read_to_end(), ending::closed);
      return true;
    }
    c.send(get("/1"));
    EXPECT_EQ(c.read().content, "file 1") << request_bytes;
    return false;
  }

  site pages_;
  std::optional<server> server_;
  std::string last_connection_field_;
};

TEST_F(persistence, http_1_1_persists_unless_told) {
  EXPECT_FALSE(closes_after(get("/0")));
  EXPECT_EQ(last_connection_field_, "");
  EXPECT_FALSE(closes_after(get("/0", "Connection: keep-alive\r\n")));
  EXPECT_FALSE(closes_after(get("/0", "Connection: upgrade, te\r\n")));
  EXPECT_FALSE(closes_after(get("/absent")));
  EXPECT_FALSE(closes_after(request("HEAD", "/absent")));
  EXPECT_FALSE(closes_after(get("/0", "Connection: disclose\r\n")));
  EXPECT_TRUE(closes_after(get("/0", "Connection: close\r\n")));
  EXPECT_EQ(last_connection_field_, "close");
  EXPECT_TRUE(closes_after(get("/0", "Connection: Close\r\n")));
  EXPECT_TRUE(closes_after(get("/0", "Connection: te,close\r\n")));
  EXPECT_TRUE(closes_after(get("/0", "Connection: te\r\nConnection: \tclose\t\r\n")));
  EXPECT_TRUE(closes_after(get("/0", "Connection: keep-alive, close\r\n")));
  EXPECT_TRUE(closes_after(request("HEAD", "/0", "Connection: close\r\n")));
  EXPECT_TRUE(closes_after(get("/large.bin", "Connection: close\r\n")));
}

TEST_F(persistence, http_1_0_closes_unless_told) {
  EXPECT_TRUE(closes_after("GET /0 HTTP/1.0\r\n\r\n"));
  EXPECT_TRUE(closes_after("GET /0 HTTP/1.0\r\nHost: a\r\n\r\n"));
  EXPECT_TRUE(closes_after("GET /large.bin HTTP/1.0\r\n\r\n"));
  EXPECT_FALSE(closes_after("GET /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_EQ(last_connection_field_, "keep-alive");
  EXPECT_FALSE(closes_after("GET /0 HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n"));
  EXPECT_FALSE(closes_after("HEAD /0 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_FALSE(closes_after("GET /large.bin HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"));
  EXPECT_TRUE(closes_after("GET /0 HTTP/1.0\r\nConnection: keep-alive, close\r\n\r\n"));
}

TEST_F(persistence, later_minor_versions_are_1_1) {
  EXPECT_FALSE(closes_after("GET /0 HTTP/1.2\r\nHost: a\r\n\r\n"));
  EXPECT_FALSE(closes_after("GET /0 HTTP/1.9\r\nHost: a\r\n\r\n"));
}

TEST_F(persistence, empty_lines_before_a_request_are_passed_over) {
  client c(*server_);
  c.send("\r\n" + get("/0"));
  EXPECT_EQ(c.read().content, "file 0");
  c.send("\r\n" + get("/1"));
  EXPECT_EQ(c.read().content, "file 1");
}

TEST_F(persistence, requests_one_after_the_other) {
  client c(*server_);
  for (int i = 0; i != 300; ++i) {
    std::string const digit = std::to_string(i % 10);
    c.send(get("/" + digit));
    ASSERT_EQ(c.read().content, "file " + digit) << i;
  }
}

TEST_F(persistence, a_thousand_pipelined_requests_are_answered_in_order) {
  client c(*server_);
  std::string batch;
  for (int i = 0; i != 1000; ++i) batch += get("/" + std::to_string(i * 7 % 10));
  c.send(batch);
  for (int i = 0; i != 1000; ++i)
    ASSERT_EQ(c.read().content, "file " + std::to_string(i * 7 % 10)) << i;
}

// In one send, so that the server receives as many at once as it ever can.
TEST_F(persistence, a_page_full_of_the_shortest_requests_is_answered_in_order) {
  client c(*server_);
  for (int const count : {127, 128, 129, 4096 / 27, 1000}) {
    std::string batch;
    for (int i = 0; i != count; ++i) {
      batch += "GET /" + std::to_string(i * 7 % 10) + " HTTP/1.1\r\nHost:a\r\n\r\n";
    }
    c.send(batch);
    for (int i = 0; i != count; ++i) {
      ASSERT_EQ(c.read().content, "file " + std::to_string(i * 7 % 10)) << i << " of " << count;
    }
  }
}

TEST_F(persistence, pipelined_requests_of_all_kinds_are_answered_in_order) {
  client c(*server_);
  std::string const one =
      get("/0") + request("HEAD", "/0") + get("/absent") + request("HEAD", "/absent") +
      get("/large.bin") + get("/0", "Range: bytes=0-3\r\n") +
      request("POST", "/0", "Content-Length: 5\r\n") + "12345" + request("OPTIONS", "*") +
      get("/0", "If-None-Match: *\r\n") + get("/%00") + get("/0", "Range: bytes=99-\r\n") +
      request("HEAD", "/large.bin") + request("GET", "/1", "Transfer-Encoding: chunked\r\n") +
      "3\r\nabc\r\n0\r\n\r\n";
  int const rounds = 20;
  std::string batch;
  for (int i = 0; i != rounds; ++i) batch += one;
  c.send(batch + get("/9", "Connection: close\r\n") + get("/1"));
  for (int i = 0; i != rounds; ++i) {
    ASSERT_EQ(c.read().content, "file 0") << i;
    ASSERT_EQ(c.read(true).verdict(), "200");
    ASSERT_EQ(c.read().verdict(), "404");
    ASSERT_EQ(c.read(true).verdict(), "404");
    ASSERT_TRUE(c.read().content == pattern(2'000'000)) << i;
    ASSERT_EQ(c.read().content, "file");
    ASSERT_EQ(c.read().verdict(), "405");
    ASSERT_LT(c.read().status, 500);
    ASSERT_EQ(c.read().verdict(), "304");
    ASSERT_EQ(c.read().verdict(), "400");
    ASSERT_EQ(c.read().verdict(), "416");
    ASSERT_EQ(c.read(true).field("Content-Length"), "2000000");
    ASSERT_EQ(c.read().content, "file 1");
  }
  EXPECT_EQ(c.read().content, "file 9");
  std::string rest;
  EXPECT_EQ(c.read_to_end(&rest), ending::closed);
  EXPECT_EQ(rest, "");  // After close nothing is answered.
}

TEST_F(persistence, requests_that_arrive_byte_by_byte_are_answered) {
  client c(*server_);
  std::string const batch = get("/0", "User-Agent: slow\r\nAccept: */*\r\n") + get("/1") +
                            request("POST", "/0", "Transfer-Encoding: chunked\r\n") +
                            "5;a=b\r\n12345\r\n0\r\nTrailer: x\r\n\r\n" + get("/2");
  c.send_in_pieces(batch, 1);
  EXPECT_EQ(c.read().content, "file 0");
  EXPECT_EQ(c.read().content, "file 1");
  EXPECT_EQ(c.read().verdict(), "405");
  EXPECT_EQ(c.read().content, "file 2");
}

TEST_F(persistence, requests_split_at_every_byte_are_answered) {
  std::string const batch = get("/0", "User-Agent: a\r\n") + get("/1");
  for (std::size_t split = 1; split != batch.size(); ++split) {
    client c(*server_);
    c.send(std::string_view(batch).substr(0, split));
    c.send(std::string_view(batch).substr(split));
    ASSERT_EQ(c.read().content, "file 0") << split;
    ASSERT_EQ(c.read().content, "file 1") << split;
  }
}

TEST_F(persistence, a_client_that_shuts_down_its_side_still_gets_its_answers) {
  client c(*server_);
  c.send(get("/0") + get("/large.bin") + get("/1"));
  c.shut_down();
  EXPECT_EQ(c.read().content, "file 0");
  EXPECT_EQ(c.read().content.size(), 2'000'000U);
  EXPECT_EQ(c.read().content, "file 1");
  EXPECT_EQ(c.read_to_end(), ending::closed);
}

TEST_F(persistence, a_client_that_sends_and_leaves_harms_nobody) {
  for (int i = 0; i != 50; ++i) {
    client c(*server_);
    c.send(get("/0") + get("/large.bin") + get("/1"));
    if (i % 2 == 0) c.reset();
  }
  EXPECT_EQ(fetch(*server_, "/0").content, "file 0");
}

TEST_F(persistence, a_client_that_sends_without_reading_is_not_read_without_end) {
  client c(*server_, 4096);
  // Answers of 400 MB: neither side can hold them, so the server has to stop reading.
  std::string const two_hundred = [] {
    std::string text;
    for (int i = 0; i != 200; ++i) text += get("/large.bin");
    return text;
  }();
  c.send(two_hundred);
  EXPECT_EQ(fetch(*server_, "/0").content, "file 0");
  for (int i = 0; i != 3; ++i) EXPECT_EQ(c.read().content.size(), 2'000'000U);
}

TEST_F(persistence, a_connection_over_version_6_works_as_well) {
  server s(pages_.root(), {"--listen", "[::1]:0"});
  ASSERT_EQ(s.addresses().size(), 2U);
  EXPECT_EQ(s.addresses()[1].host, "::1");
  client c(s.addresses()[1]);
  c.send(get("/0") + get("/1"));
  EXPECT_EQ(c.read().content, "file 0");
  EXPECT_EQ(c.read().content, "file 1");
  EXPECT_EQ(fetch(s, "/2").content, "file 2");
}

}  // namespace
}  // namespace quire::test
