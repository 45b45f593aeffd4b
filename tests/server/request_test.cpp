#include <quire/parser/buffer_parser.hpp>
#include <quire/server/request.hpp>

#include <gtest/gtest.h>

#include <cctype>
#include <deque>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quire::server {
namespace {

// Collects a request that lies in pages of a size, and calls `check` while the pages are there.
template <class Check>
void collect(request_collector& collector, std::string text, std::size_t page_size, Check check) {
  std::deque<page> pages;
  buffer b;
  for (std::size_t at = 0; at < text.size(); at += page_size) {
    std::size_t const size = std::min(page_size, text.size() - at);
    page& p = pages.emplace_back(text.data() + at, text.data() + at + size);
    p.commit_write(size);
    b.push(&p);
  }
  http::buffer_parser parser;
  buffer::iterator first = b.begin();
  http::node<buffer::iterator> element;
  http::error why;
  bool stored = true;
  while (parser.parse(first, b.end(), element, why) == http::result::ok) {
    if (element.type == http::node_type::fields_end) break;
    if (element.type == http::node_type::request_line) {
      stored = collector.add_request_line(element) && stored;
    } else if (request_collector::may_want(element)) {
      stored = collector.add_field(element) && stored;
    }
  }
  EXPECT_EQ(element.type, http::node_type::fields_end);
  check(collector.get(), stored);
  while (b.pop() != nullptr) {
  }
}

template <class Check>
void collect(std::string text, std::size_t page_size, Check check, std::size_t scratch_max = 4096) {
  request_collector collector(scratch_max);
  collect(collector, std::move(text), page_size, check);
}

TEST(request, is_the_same_at_every_page_size) {
  std::string const text =
      "GET /a/b?c HTTP/1.1\r\nHost: example.com\r\nUser-Agent: test/1\r\nReferer: http://r/\r\n"
      "Range: bytes=1-2\r\nIf-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\nExpect: "
      "100-continue\r\n\r\n";
  for (std::size_t size = 1; size <= text.size(); ++size) {
    collect(text, size, [&](request const& r, bool stored) {
      ASSERT_TRUE(stored);
      ASSERT_EQ(r.method, http::method::get) << size;
      ASSERT_EQ(r.method_text, "GET");
      ASSERT_EQ(r.target, "/a/b?c");
      ASSERT_EQ(r.host, "example.com");
      ASSERT_EQ(r.user_agent, "test/1");
      ASSERT_EQ(r.referer, "http://r/");
      ASSERT_EQ(r.range, "bytes=1-2");
      ASSERT_TRUE(r.conditions.has_value());
      ASSERT_EQ(r.conditions->if_none_match, "\"a\",\"b\"");
      ASSERT_EQ(r.expect, "100-continue");
      ASSERT_FALSE(r.conditions->if_match.has_value());
    });
  }
}

TEST(request, knows_each_field_in_whatever_case_and_wherever_pages_end) {
  using texts = std::vector<std::string>;
  auto const all_of = [](request const& r) {
    preconditions const c = r.conditions.value_or(preconditions{});
    auto const text = [](std::optional<std::string_view> const& v) {
      return std::string(v.value_or("none"));
    };
    return texts{std::string(r.host),
                 std::string(r.referer),
                 std::string(r.user_agent),
                 text(c.if_match),
                 text(c.if_none_match),
                 text(c.if_modified_since),
                 text(c.if_unmodified_since),
                 text(c.if_range),
                 text(r.range),
                 text(r.accept_encoding),
                 text(r.want_repr_digest),
                 text(r.expect)};
  };
  texts const names = {"host",          "referer",           "user-agent",          "if-match",
                       "if-none-match", "if-modified-since", "if-unmodified-since", "if-range",
                       "range",         "accept-encoding",   "want-repr-digest",    "expect"};
  for (bool const upper : {false, true}) {
    std::string text = "GET / HTTP/1.1\r\n";
    texts wanted;
    for (std::string name : names) {
      if (upper) {
        for (char& c : name) c = static_cast<char>(std::toupper(static_cast<unsigned char>(c)));
      }
      wanted.push_back("v" + std::to_string(wanted.size()));
      text += "Accept-Language: x\r\n" + name + ": " + wanted.back() + "\r\nCache-Control: y\r\n";
    }
    text += "\r\n";
    for (std::size_t size : {1u, 7u, 64u, 4096u}) {
      collect(text, size, [&](request const& r, bool stored) {
        EXPECT_TRUE(stored);
        EXPECT_EQ(all_of(r), wanted) << size;
      });
    }
  }
}

TEST(request, knows_nothing_of_the_one_before) {
  request_collector collector(4096);
  std::string text = "POST /a HTTP/1.1\r\n";
  for (char const* name :
       {"Host", "If-Match", "If-None-Match", "If-Range", "If-Modified-Since", "If-Unmodified-Since",
        "Range", "Accept-Encoding", "Want-Repr-Digest", "Expect", "Referer", "User-Agent"}) {
    text += std::string(name) + ": x\r\n";
  }
  collect(collector, text + "\r\n", 4096, [](request const&, bool stored) { EXPECT_TRUE(stored); });
  collector.reset();
  collect(collector, "GET / HTTP/1.1\r\nHost: a\r\n\r\n", 4096, [](request const& r, bool) {
    EXPECT_EQ(r.method, http::method::get);
    EXPECT_EQ(r.target, "/");
    EXPECT_EQ(r.host, "a");
    EXPECT_FALSE(r.conditions || r.range || r.accept_encoding || r.want_repr_digest);
    EXPECT_TRUE(r.expect.empty() && r.referer.empty() && r.user_agent.empty());
  });
}

TEST(request, an_empty_field_is_present) {
  collect("GET / HTTP/1.1\r\nHost: a\r\nIf-Match:\r\n\r\n", 4096, [](request const& r, bool) {
    ASSERT_TRUE(r.conditions.has_value() && r.conditions->if_match.has_value());
    EXPECT_EQ(*r.conditions->if_match, "");
  });
}

TEST(request, says_when_the_memory_for_straddling_texts_is_used_up) {
  std::string const text =
      "GET / HTTP/1.1\r\nHost: a\r\nUser-Agent: " + std::string(100, 'x') + "\r\n\r\n";
  collect(
      text, 16, [](request const&, bool stored) { EXPECT_FALSE(stored); }, 50);
}

}  // namespace
}  // namespace quire::server
