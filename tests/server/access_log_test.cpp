#include "tests/io/temporary_directory.hpp"

#include <quire/server/access_log.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <sstream>
#include <string>
#include <thread>

namespace quire::server {
namespace {

access_record a_record() {
  access_record r;
  EXPECT_TRUE(io::parse_endpoint("192.0.2.7:4711", r.peer));
  r.seconds = 1795368541;
  r.bytes = 1024;
  r.status = 200;
  r.method = "GET";
  r.target = "/a?b";
  r.referer = "https://example.com/";
  r.user_agent = "curl/8";
  return r;
}

std::string line(access_record const& r) {
  std::string out;
  append_combined_line(r, out);
  return out;
}

TEST(access_log, writes_the_combined_format) {
  EXPECT_EQ(line(a_record()),
            "192.0.2.7 - - [22/Nov/2026:17:29:01 +0000] \"GET /a?b HTTP/1.1\" 200 1024 "
            "\"https://example.com/\" \"curl/8\"\n");
}

TEST(access_log, writes_hyphens_for_what_is_missing) {
  access_record r = a_record();
  r.method = r.referer = r.user_agent = {};
  r.status = 400;
  EXPECT_EQ(line(r), "192.0.2.7 - - [22/Nov/2026:17:29:01 +0000] \"-\" 400 1024 \"-\" \"-\"\n");
}

TEST(access_log, escapes_what_a_client_chose) {
  access_record r = a_record();
  r.user_agent = "a\"b\\c\nd\x7f\xc3\xa4";
  EXPECT_NE(line(r).find("\"a\\x22b\\x5cc\\x0ad\\x7f\\xc3\\xa4\"\n"), std::string::npos) << line(r);
}

class log_file {
 public:
  std::string path() const { return directory_.root() + "/log"; }
  std::string text() const {
    std::ifstream in(path(), std::ios::binary);
    std::ostringstream all;
    all << in.rdbuf();
    return all.str();
  }

 private:
  test::temporary_directory directory_;
};

TEST(access_log, writes_every_line_of_every_channel_before_it_stops) {
  log_file file;
  constexpr int lines = 500;
  {
    access_log log;
    ASSERT_TRUE(log.open(file.path()));
    access_log::channel& one = log.add_channel();
    access_log::channel& two = log.add_channel();
    log.start();
    auto const write = [](access_log::channel& c) {
      for (int i = 0; i != lines; ++i) c.write(a_record());
    };
    std::thread first(write, std::ref(one));
    std::thread second(write, std::ref(two));
    first.join();
    second.join();
    EXPECT_EQ(one.dropped() + two.dropped(), 0U);
    log.stop();
  }
  std::string const text = file.text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 2 * lines);
}

TEST(access_log, says_why_a_request_was_refused) {
  access_record r = a_record();
  r.status = 400;
  r.refusal = {http::error_code::white_space_before_colon, http::part_type::field_name, 20};
  std::string out;
  append_refusal_line(r, out);
  EXPECT_EQ(out,
            "quire: 192.0.2.7: refused with 400: a field name must not be followed by white space "
            "(RFC 9112, 5.1), octet 20, in field-name\n");
}

TEST(access_log, writes_some_refusals_a_second_and_counts_the_others) {
  log_file file;
  {
    access_log log;
    ASSERT_TRUE(log.open_error_log(file.path()));
    access_log::channel& c = log.add_channel();
    EXPECT_FALSE(c.wants_all());
    access_record r = a_record();
    r.refusal = {http::error_code::bare_cr, http::part_type::field_value, 7};
    for (int i = 0; i != 100; ++i) c.write(r);
    log.start();
    log.stop();
  }
  std::string const text = file.text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 10) << text;
}

TEST(access_log, counts_what_does_not_fit_and_keeps_lines_whole) {
  log_file file;
  access_log log;
  ASSERT_TRUE(log.open(file.path()));
  access_log::channel& c = log.add_channel();
  access_record r = a_record();
  std::string const target = "/" + std::string(3000, 'x');
  r.target = target;
  std::size_t const tries = 2 * access_log::channel::capacity / target.size();
  for (std::size_t i = 0; i != tries; ++i) c.write(r);
  EXPECT_GT(c.dropped(), 0U);
  std::string text;
  std::string refusals;
  EXPECT_TRUE(c.read(text, refusals));
  EXPECT_EQ(refusals, "");
  auto const kept = static_cast<std::size_t>(std::count(text.begin(), text.end(), '\n'));
  EXPECT_EQ(kept + c.dropped(), tries);
  EXPECT_EQ(text, [&] {
    std::string all;
    for (std::size_t i = 0; i != kept; ++i) append_combined_line(r, all);
    return all;
  }());
  c.write(r);
  text.clear();
  EXPECT_TRUE(c.read(text, refusals)) << "there is room again";
}

TEST(access_log, says_that_a_file_cannot_be_opened) {
  access_log log;
  EXPECT_FALSE(log.open("/nowhere/at/all.log"));
}

}  // namespace
}  // namespace quire::server
