// Validators and preconditions: RFC 9110, sections 8.8 and 13.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <array>
#include <ctime>

namespace quire::test {
namespace {

using std::chrono::hours;
using std::chrono::seconds;

std::string http_date(std::time_t when) {
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  std::array<char, 64> text;
  return {text.data(),
          std::strftime(text.data(), text.size(), "%a, %d %b %Y %H:%M:%S GMT", &parts)};
}

std::string http_date(seconds from_now) {
  return http_date(std::time(nullptr) + from_now.count());
}

std::string line(std::string_view name, std::string_view value) {
  return std::string(name).append(": ").append(value).append("\r\n");
}

class conditional : public testing::Test {
 protected:
  conditional() {
    pages_.write("page.html", "the content");
    pages_.set_age("page.html", hours(1));
    pages_.write("large.bin", pattern(3'000'000));
    pages_.set_age("large.bin", hours(1));
    server_.emplace(pages_.root());
    first_ = fetch(*server_, "/page.html");
    tag_ = first_.field("ETag").value_or("none");
  }

  int status(std::string const& fields) { return fetch(*server_, "/page.html", fields).status; }

  site pages_;
  std::optional<server> server_;
  response first_;
  std::string tag_;
};

TEST_F(conditional, entity_tags_are_strong_and_stay_the_same) {
  EXPECT_TRUE(tag_.size() > 4 && tag_.front() == '"' && tag_.back() == '"') << tag_;
  EXPECT_EQ(fetch(*server_, "/page.html").field("ETag"), tag_);
  server other(pages_.root());
  EXPECT_EQ(fetch(other, "/page.html").field("ETag"), tag_);
  std::string const of_large = fetch(*server_, "/large.bin").field("ETag").value_or("none");
  EXPECT_TRUE(of_large.front() == '"') << of_large;
  EXPECT_EQ(ask(*server_, request("HEAD", "/large.bin")).field("ETag"), of_large);
}

TEST_F(conditional, different_content_has_a_different_entity_tag) {
  pages_.write("other.html", "thE content");
  pages_.set_age("other.html", hours(1));
  EXPECT_NE(fetch(*server_, "/other.html").field("ETag"), tag_);
}

TEST_F(conditional, the_tag_of_a_small_file_is_that_of_its_content) {
  pages_.write("copy.html", "the content");
  pages_.set_age("copy.html", hours(2));
  EXPECT_EQ(fetch(*server_, "/copy.html").field("ETag"), tag_);
}

TEST_F(conditional, last_modified_is_that_of_the_file) {
  EXPECT_EQ(first_.field("Last-Modified"), http_date(pages_.modified("page.html")));
}

TEST_F(conditional, last_modified_is_never_in_the_future) {
  pages_.write("future.html", "later");
  pages_.set_age("future.html", -hours(24));
  // A date is of a whole second, and made once in each.
  std::time_t when = std::time(nullptr) - 1;
  response const r = fetch(*server_, "/future.html");
  EXPECT_EQ(r.verdict(), "200");
  if (auto const stated = r.field("Last-Modified")) {
    std::time_t const now = std::time(nullptr);
    while (when < now && http_date(when) != *stated) ++when;
    EXPECT_EQ(*stated, http_date(when));
  }
  EXPECT_TRUE(r.has("ETag"));
}

TEST_F(conditional, a_matching_if_none_match_gives_304) {
  for (std::string const& tags : {tag_, "W/" + tag_, "\"a\", " + tag_, tag_ + " , \"b\"",
                                  std::string("*"), "\"a\",\t" + tag_}) {
    response const r = fetch(*server_, "/page.html", line("If-None-Match", tags));
    EXPECT_EQ(r.verdict(), "304") << tags;
    EXPECT_EQ(r.field("ETag"), tag_);
    EXPECT_EQ(r.field("Last-Modified"), first_.field("Last-Modified"));
    EXPECT_FALSE(r.has("Content-Type"));
    expect_well_formed(r);
  }
  EXPECT_EQ(status("If-None-Match: \"a\"\r\n" + line("If-None-Match", tag_)), 304);
  EXPECT_EQ(ask(*server_, request("HEAD", "/page.html", line("If-None-Match", tag_))).status, 304);
}

TEST_F(conditional, another_if_none_match_gives_200) {
  EXPECT_EQ(status(line("If-None-Match", "\"another\"")), 200);
  EXPECT_EQ(status(line("If-None-Match", tag_.substr(1, tag_.size() - 2))), 200);
  EXPECT_EQ(status(line("If-None-Match", tag_.substr(0, tag_.size() - 1))), 200);
  EXPECT_EQ(status("If-None-Match:\r\n"), 200);
}

TEST_F(conditional, if_modified_since_compares_dates) {
  EXPECT_EQ(status(line("If-Modified-Since", *first_.field("Last-Modified"))), 304);
  EXPECT_EQ(status(line("If-Modified-Since", http_date(seconds(-10)))), 304);
  EXPECT_EQ(status(line("If-Modified-Since", http_date(-hours(2)))), 200);
  EXPECT_EQ(status(line("If-Modified-Since", "Sunday, 06-Nov-94 08:49:37 GMT")), 200);
  EXPECT_EQ(status(line("If-Modified-Since", "Sun Nov  6 08:49:37 1994")), 200);
}

TEST_F(conditional, if_modified_since_in_the_future_gives_304) {
  EXPECT_EQ(status(line("If-Modified-Since", http_date(hours(24)))), 304);
}

TEST_F(conditional, dates_that_are_none_are_ignored) {
  for (char const* date :
       {"yesterday", "0", "", "Sun, 99 Nov 1994 08:49:37 GMT", "2026-11-22T17:29:01Z",
        "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT"}) {
    EXPECT_EQ(status(line("If-Modified-Since", date)), 200) << date;
    EXPECT_EQ(status(line("If-Unmodified-Since", date)), 200) << date;
  }
}

TEST_F(conditional, if_none_match_takes_the_place_of_if_modified_since) {
  std::string const old = line("If-Modified-Since", http_date(-hours(2)));
  std::string const fresh = line("If-Modified-Since", http_date(seconds(-1)));
  EXPECT_EQ(status(old + line("If-None-Match", tag_)), 304);
  EXPECT_EQ(status(fresh + line("If-None-Match", "\"another\"")), 200);
}

TEST_F(conditional, if_match_compares_strongly) {
  EXPECT_EQ(status(line("If-Match", tag_)), 200);
  EXPECT_EQ(status(line("If-Match", "*")), 200);
  EXPECT_EQ(status(line("If-Match", "\"a\", " + tag_)), 200);
  expect_error_page(fetch(*server_, "/page.html", line("If-Match", "\"another\"")), 412);
  EXPECT_EQ(status(line("If-Match", "W/" + tag_)), 412);
  EXPECT_EQ(status(line("If-Match", tag_) + line("If-Unmodified-Since", http_date(-hours(2)))),
            200);
}

TEST_F(conditional, if_unmodified_since_compares_dates) {
  EXPECT_EQ(status(line("If-Unmodified-Since", *first_.field("Last-Modified"))), 200);
  EXPECT_EQ(status(line("If-Unmodified-Since", http_date(-hours(2)))), 412);
}

TEST_F(conditional, preconditions_do_not_matter_where_there_is_no_page) {
  for (std::string const fields :
       {"If-None-Match: *\r\n", "If-Match: *\r\n", "If-Match: \"a\"\r\n"}) {
    expect_error_page(fetch(*server_, "/absent", fields), 404);
  }
}

TEST_F(conditional, a_304_leaves_the_connection_usable) {
  client c(*server_);
  std::string batch;
  for (int i = 0; i != 20; ++i)
    batch += get("/page.html", line("If-None-Match", tag_)) + get("/page.html");
  c.send(batch);
  for (int i = 0; i != 20; ++i) {
    EXPECT_EQ(c.read().status, 304);
    EXPECT_EQ(c.read().content, "the content");
  }
}

TEST_F(conditional, the_old_tag_of_a_changed_file_gives_the_new_content) {
  pages_.write("page.html", "the CONTENT");
  response const r = fetch(*server_, "/page.html", line("If-None-Match", tag_));
  EXPECT_EQ(r.verdict(), "200");
  EXPECT_EQ(r.content, "the CONTENT");
  EXPECT_NE(r.field("ETag"), tag_);
}

}  // namespace
}  // namespace quire::test
