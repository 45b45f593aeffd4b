// Parts of a file: RFC 9110, section 14.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <utility>
#include <vector>

namespace quire::test {
namespace {

std::string range(std::string_view set) {
  return std::string("Range: ").append(set).append("\r\n");
}

// The same file, small enough for memory and too large for it.
class ranges : public testing::TestWithParam<std::size_t> {
 protected:
  ranges() : content_(pattern(GetParam())) {
    pages_.write("data.bin", content_);
    pages_.set_age("data.bin", std::chrono::hours(1));
    server_.emplace(pages_.root());
  }

  response part(std::string_view set, std::string const& more = {}) {
    return fetch(*server_, "/data.bin", range(set) + more);
  }
  void expect_part(std::string_view set, std::size_t first, std::size_t last) {
    response const r = part(set);
    EXPECT_EQ(r.verdict(), "206") << set;
    EXPECT_EQ(r.field("Content-Range"), "bytes " + std::to_string(first) + "-" +
                                            std::to_string(last) + "/" +
                                            std::to_string(content_.size()))
        << set;
    EXPECT_TRUE(r.content == content_.substr(first, last - first + 1)) << set;
    EXPECT_TRUE(r.has("ETag"));
    expect_well_formed(r);
  }
  void expect_whole(std::string_view set, std::string const& more = {}) {
    response const r = part(set, more);
    EXPECT_EQ(r.verdict(), "200") << set;
    EXPECT_FALSE(r.has("Content-Range")) << set;
    EXPECT_TRUE(r.content == content_) << set;
  }
  void expect_unsatisfiable(std::string_view set) {
    response const r = part(set);
    expect_error_page(r, 416);
    EXPECT_EQ(r.field("Content-Range"), "bytes */" + std::to_string(content_.size())) << set;
  }

  // Expects a multipart body with exactly these parts of the file, each with its own fields.
  using extent = std::pair<std::size_t, std::size_t>;
  void expect_parts(std::string_view set, std::vector<extent> const& extents) {
    response const r = part(set);
    EXPECT_EQ(r.verdict(), "206") << set;
    EXPECT_FALSE(r.has("Content-Range"));
    EXPECT_TRUE(r.has("ETag"));
    expect_well_formed(r);
    std::string const type = r.field("Content-Type").value_or("");
    std::string const start = "multipart/byteranges; boundary=";
    ASSERT_TRUE(type.starts_with(start)) << type;
    std::string const delimiter = "--" + type.substr(start.size());
    std::string expected;
    for (auto const& [first, last] : extents) {
      if (!expected.empty()) expected += "\r\n";
      expected += delimiter + "\r\nContent-Type: application/octet-stream\r\n" +
                  "Content-Range: bytes " + std::to_string(first) + "-" + std::to_string(last) +
                  "/" + std::to_string(content_.size()) + "\r\n\r\n" +
                  content_.substr(first, last - first + 1);
    }
    expected += "\r\n" + delimiter + "--\r\n";
    EXPECT_TRUE(r.content == expected) << set;
  }

  std::string content_;
  site pages_;
  std::optional<server> server_;
};

INSTANTIATE_TEST_SUITE_P(of, ranges, testing::Values(10'000, 3'000'000),
                         [](auto const& i) { return std::to_string(i.param) + "_bytes"; });

TEST_P(ranges, single_ones_are_sent) {
  std::size_t const size = content_.size();
  expect_part("bytes=0-0", 0, 0);
  expect_part("bytes=0-99", 0, 99);
  expect_part("bytes=5000-5001", 5000, 5001);
  expect_part("bytes=4090-4100", 4090, 4100);
  expect_part("bytes=9000-", 9000, size - 1);
  expect_part("bytes=-1", size - 1, size - 1);
  expect_part("bytes=-500", size - 500, size - 1);
  expect_part("bytes=0-", 0, size - 1);
  expect_part("BYTES=1-2", 1, 2);
  expect_part("bytes= 1-2", 1, 2);
}

TEST_P(ranges, that_reach_beyond_the_end_are_cut) {
  std::size_t const size = content_.size();
  expect_part("bytes=9990-999999999", 9990, size - 1);
  expect_part("bytes=1-18446744073709551615", 1, size - 1);
  expect_part("bytes=1-99999999999999999999999999", 1, size - 1);
  expect_part("bytes=-999999999", 0, size - 1);
  expect_part("bytes=-99999999999999999999999999", 0, size - 1);
}

TEST_P(ranges, that_lie_beyond_the_end_are_unsatisfiable) {
  expect_unsatisfiable("bytes=" + std::to_string(content_.size()) + "-");
  expect_unsatisfiable("bytes=99999999-999999999");
  expect_unsatisfiable("bytes=18446744073709551616-");
  expect_unsatisfiable("bytes=99999999999999999999999999-");
  expect_unsatisfiable("bytes=-0");
}

TEST_P(ranges, that_are_malformed_are_ignored) {
  for (char const* set :
       {"bytes", "bytes=", "bytes=a-b", "bytes=5-1", "bytes=--1", "bytes=1--2", "bytes=0x1-2",
        "bytes=1-2-3", "bytes=-", "bytes=1", "lines=1-2", "bytes 1-2", "bytes=1-2,x", "bytes=+1-2",
        "bytes=1 - 2", "bytes:1-2", "=1-2"}) {
    expect_whole(set);
  }
}

TEST_P(ranges, several_are_sent_as_parts) {
  std::size_t const size = content_.size();
  expect_parts("bytes=0-9,5000-5009", {{0, 9}, {5000, 5009}});
  expect_parts("bytes=5000-5009, 0-0", {{5000, 5009}, {0, 0}});
  expect_parts("bytes=0-0,-1", {{0, 0}, {size - 1, size - 1}});
  expect_parts("bytes=0-4095,4200-9000,9500-", {{0, 4095}, {4200, 9000}, {9500, size - 1}});
  expect_parts("bytes=0-1,99999999-,3000-3001", {{0, 1}, {3000, 3001}});
  std::string sixteen = "bytes=";
  std::vector<extent> extents;
  for (std::size_t i = 0; i != 16; ++i) {
    std::size_t const first = size / 16 * i;
    sixteen += (i == 0 ? "" : ",") + std::to_string(first) + "-" + std::to_string(first + 300);
    extents.emplace_back(first, first + 300);
  }
  expect_parts(sixteen, extents);
}

TEST_P(ranges, several_that_overlap_or_touch_are_one) {
  expect_part("bytes=0-99,100-199", 0, 199);
  expect_part("bytes=0-99,150-199", 0, 199);
  expect_part("bytes=0-,0-,0-,0-", 0, content_.size() - 1);
  expect_parts("bytes=0-10,5000-5010,5-20", {{0, 20}, {5000, 5010}});
}

TEST_P(ranges, an_absurd_number_of_them_is_ignored) {
  std::string many = "bytes=0-";
  for (int i = 1; i != 1000; ++i) many += "," + std::to_string(i) + "-";
  expect_whole(many);
}

TEST_P(ranges, parts_and_others_follow_each_other_on_one_connection) {
  client c(*server_);
  std::string batch;
  for (std::size_t i = 0; i != 60; ++i) {
    std::string const first = std::to_string(i * 50);
    batch += get("/data.bin", i % 3 == 0 ? range("bytes=" + first + "-" + first)
                                         : range("bytes=" + first + "-" + first + ",5000-5999"));
  }
  c.send(batch);
  for (std::size_t i = 0; i != 60; ++i) {
    response const r = c.read();
    EXPECT_EQ(r.verdict(), "206");
    if (i % 3 == 0) {
      EXPECT_EQ(r.content, content_.substr(i * 50, 1));
    } else {
      EXPECT_NE(r.content.find("\r\n\r\n" + content_.substr(i * 50, 1) + "\r\n--"),
                std::string::npos);
      EXPECT_NE(r.content.find("\r\n\r\n" + content_.substr(5000, 1000) + "\r\n--"),
                std::string::npos);
    }
  }
}

TEST_P(ranges, of_several_the_log_knows_the_bytes) {
  std::filesystem::path const log = pages_.beside("access.log");
  server logged(pages_.root(), {"--access-log", log.string()});
  response const r = fetch(logged, "/data.bin", range("bytes=0-9,5000-5009"));
  logged.signal(stop_signal());
  EXPECT_EQ(logged.wait(), 0);
  std::ifstream in(log);
  std::string const line{std::istreambuf_iterator<char>(in), {}};
  EXPECT_NE(line.find(" 206 " + std::to_string(r.content.size()) + " "), std::string::npos) << line;
}

TEST_P(ranges, head_takes_no_notice) {
  response const r = ask(*server_, request("HEAD", "/data.bin", range("bytes=0-9")));
  EXPECT_EQ(r.verdict(), "200");
  EXPECT_EQ(r.field("Content-Length"), std::to_string(content_.size()));
}

TEST_P(ranges, if_range_holds_for_the_strong_tag) {
  std::string const tag = *fetch(*server_, "/data.bin").field("ETag");
  std::string const date = *fetch(*server_, "/data.bin").field("Last-Modified");
  EXPECT_EQ(part("bytes=0-9", "If-Range: " + tag + "\r\n").status, 206);
  EXPECT_EQ(part("bytes=0-9", "If-Range: " + date + "\r\n").status, 206);
  expect_whole("bytes=0-9", "If-Range: \"another\"\r\n");
  expect_whole("bytes=0-9", "If-Range: W/" + tag + "\r\n");
  expect_whole("bytes=0-9", "If-Range: Sun, 06 Nov 1994 08:49:37 GMT\r\n");
  expect_whole("bytes=0-9", "If-Range: nonsense\r\n");
  expect_whole("bytes=99999999-", "If-Range: \"another\"\r\n");
  EXPECT_EQ(fetch(*server_, "/data.bin", "If-Range: " + tag + "\r\n").status, 200);
}

TEST_P(ranges, preconditions_come_first) {
  std::string const tag = *fetch(*server_, "/data.bin").field("ETag");
  EXPECT_EQ(part("bytes=0-9", "If-None-Match: " + tag + "\r\n").status, 304);
  EXPECT_EQ(part("bytes=99999999-", "If-None-Match: " + tag + "\r\n").status, 304);
  EXPECT_EQ(part("bytes=0-9", "If-Match: \"another\"\r\n").status, 412);
}

TEST_P(ranges, follow_each_other_on_one_connection) {
  client c(*server_);
  std::string batch;
  for (std::size_t i = 0; i != 100; ++i) {
    batch += get("/data.bin",
                 range("bytes=" + std::to_string(i * 97) + "-" + std::to_string(i * 97 + 96)));
  }
  c.send(batch);
  for (std::size_t i = 0; i != 100; ++i) EXPECT_EQ(c.read().content, content_.substr(i * 97, 97));
}

// A suffix of it is satisfiable (RFC 9110, section 14.1.2), but no Content-Range can state it
// (14.4): so it is answered as without Range, which a server may always do (14.2).
TEST(range_of_nothing, an_empty_file_has_no_range) {
  site const pages;
  pages.write("empty", "");
  server s(pages.root());
  EXPECT_EQ(fetch(s, "/empty").verdict(), "200");
  response const r = fetch(s, "/empty", range("bytes=0-"));
  EXPECT_EQ(r.verdict(), "416");
  EXPECT_EQ(r.field("Content-Range"), "bytes */0");
  for (char const* const suffix : {"bytes=-5", "bytes=0-,-5", "bytes=-1,-0"}) {
    response const whole = fetch(s, "/empty", range(suffix));
    EXPECT_EQ(whole.verdict(), "200") << suffix;
    EXPECT_EQ(whole.field("Content-Length"), "0") << suffix;
    EXPECT_FALSE(whole.has("Content-Range")) << suffix;
  }
  EXPECT_EQ(fetch(s, "/empty", range("bytes=-0")).verdict(), "416");
}

TEST(range_of_nothing, an_error_has_no_range) {
  site const pages;
  server s(pages.root());
  expect_error_page(fetch(s, "/absent", range("bytes=0-3")), 404);
}

}  // namespace
}  // namespace quire::test
