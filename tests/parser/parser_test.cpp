// The interface of the parser, apart from its grammar.
#include <quire/parser/parser.hpp>

#include "tests/parser/every_way.hpp"

#include <gtest/gtest.h>
#include <iterator>
#include <list>
#include <string>
#include <string_view>

namespace quire::http::test {
namespace {

// Pulls until the end of the first message.
template <class Parser>
void read_message(Parser& p, std::string_view text) {
  char const* first = text.data();
  node<char const*> n;
  error e;
  result r;
  while ((r = p.parse(first, text.data() + text.size(), n, e)) == result::ok) {
  }
  ASSERT_EQ(r, result::done) << e.message();
}

TEST(parser, knows_the_framing_and_the_numbers_of_names) {
  std::string_view const text =
      "POST /a HTTP/1.1\r\nHost: b\r\ncontent-TYPE: c\r\nX-Own: d\r\nContent-Length: 3\r\n\r\nefg";
  parser<char const*> p;
  char const* first = text.data();
  node<char const*> n;
  error e;
  std::vector<field_id> ids;
  while (p.parse(first, text.data() + text.size(), n, e) == result::ok) {
    if (n.type == node_type::request_line) {
      EXPECT_EQ(n.method_id(), method::post);
    }
    if (n.type == node_type::field) ids.push_back(n.name_id());
  }
  EXPECT_EQ(ids, (std::vector{field_id::host, field_id::content_type, field_id::other,
                              field_id::content_length}));
  EXPECT_EQ(p.framing(), framing::length);
  EXPECT_EQ(p.content_length(), 3u);
  EXPECT_TRUE(p.keep_alive());
  EXPECT_FALSE(p.wants_upgrade());
  EXPECT_EQ(p.request_method(), method::post);
  EXPECT_EQ(p.offset(), text.size());
}

TEST(parser, tells_that_an_upgrade_is_wanted_and_leaves_the_rest_untouched) {
  parser<char const*> p;
  read_message(p,
               "GET / HTTP/1.1\r\nHost: a\r\nConnection: a,Upgrade\r\nUpgrade: b\r\n\r\n\x81\x05");
  EXPECT_TRUE(p.wants_upgrade());
  EXPECT_FALSE(p.hands_over());
  EXPECT_EQ(p.offset(), 62u);
  parser<char const*> old;
  read_message(old, "GET / HTTP/1.0\r\nConnection: Upgrade\r\nUpgrade: b\r\n\r\n");
  EXPECT_FALSE(old.wants_upgrade());
}

TEST(parser, finishes_only_between_messages) {
  auto const finish = [](std::string_view text, bool response) {
    parser<char const*> p;
    if (response) p.expect({});
    char const* first = text.data();
    char const* const last = first + text.size();
    node<char const*> n;
    error e;
    for (result r = result::ok; r == result::ok || r == result::done;)
      r = p.parse(first, last, n, e);
    result const r = p.finish(first, last, n, e);
    return r == result::done ? std::string(n.type == node_type::end ? "end" : "none")
                             : std::string(e.name());
  };
  EXPECT_EQ(finish("", false), "none");
  EXPECT_EQ(finish("\r\n", false), "none");
  EXPECT_EQ(finish("\r", false), "incomplete-message");
  EXPECT_EQ(finish("G", false), "incomplete-message");
  EXPECT_EQ(finish("GET / HTTP/1.0\r\n\r\n", false), "none");
  EXPECT_EQ(finish("GET / HTTP/1.0\r\n", false), "incomplete-message");
  EXPECT_EQ(finish("HTTP/1.1 200 \r\n\r\nabc", true), "end");
  EXPECT_EQ(finish("HTTP/1.1 200 \r\nContent-Length: 4\r\n\r\nabc", true), "incomplete-message");
  EXPECT_EQ(finish("GET /\x01", false), "bad-target-character");
}

TEST(parser, starts_afresh_after_reset) {
  parser<char const*> p;
  std::string const bad = "GET /\x01";
  char const* first = bad.data();
  node<char const*> n;
  error e;
  while (p.parse(first, bad.data() + bad.size(), n, e) == result::ok) {
  }
  EXPECT_EQ(e.code, error_code::bad_target_character);
  p.reset();
  read_message(p, "GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(p.offset(), 18u);
}

TEST(parser, throws_where_no_error_is_asked_for) {
  std::string const text = "GET / HTTP/2.0\r\n";
  parser<char const*> p;
  char const* first = text.data();
  node<char const*> n;
  try {
    while (p.parse(first, text.data() + text.size(), n) == result::ok) {
    }
    FAIL();
  } catch (parse_error const& e) {
    EXPECT_EQ(e.error().code, error_code::version_not_supported);
    EXPECT_EQ(e.error().offset, 11u);
    EXPECT_STREQ(e.what(), "only HTTP/1.0 and HTTP/1.1 are spoken here");
  }
}

// An iterator that counts how often an octet is looked at and how far it moves.
struct counting_iterator {
  using iterator_category = std::bidirectional_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = char const*;
  using reference = char const&;

  char const* at = nullptr;
  static inline std::size_t looks = 0;

  reference operator*() const {
    ++looks;
    return *at;
  }
  counting_iterator& operator++() {
    ++at;
    return *this;
  }
  counting_iterator operator++(int) { return {at++}; }
  counting_iterator& operator--() {
    --at;
    return *this;
  }
  counting_iterator operator--(int) { return {at--}; }
  friend counting_iterator operator+(counting_iterator it, difference_type n) {
    return {it.at + n};
  }
  friend bool operator==(counting_iterator, counting_iterator) = default;
};

TEST(parser, looks_at_each_octet_a_bounded_number_of_times_however_small_the_pieces) {
  std::string const blanks(3000, ' ');
  std::string const text = "GET /" + std::string(3000, 'a') + " HTTP/1.1\r\nHost: " + blanks +
                           "a\r\n" + std::string(200, 'b') + ": " + std::string(5000, 'c') +
                           blanks + "d\r\nTransfer-Encoding: chunked\r\n\r\n1;" +
                           std::string(3000, 'e') + "\r\nx\r\n0\r\n\r\n";
  counting_iterator::looks = 0;
  parser<counting_iterator> p;
  counting_iterator first{text.data()};
  node<counting_iterator> n;
  error e;
  result r = result::ok;
  for (std::size_t end = 1; end <= text.size(); ++end) {
    while ((r = p.parse(first, {text.data() + end}, n, e)) == result::ok) {
    }
    ASSERT_NE(r, result::error) << e.name();
  }
  EXPECT_EQ(r, result::done);
  EXPECT_LT(counting_iterator::looks, 8 * text.size());
}

}  // namespace
}  // namespace quire::http::test
