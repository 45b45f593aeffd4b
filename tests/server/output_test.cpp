#include <quire/server/output.hpp>

#include <gtest/gtest.h>

#include <cstring>
#include <string>

namespace quire::server {
namespace {

std::string unsent(output const& out) {
  std::string text;
  for (const_span const& span : out.unsent()) text.append(span.data, span.size);
  return text;
}

void add_text(output& out, std::string_view text) {
  char* const memory = out.reserve_text(text.size());
  ASSERT_NE(memory, nullptr);
  std::memcpy(memory, text.data(), text.size());
  out.commit_text(text.size());
}

TEST(output, keeps_the_order_of_text_and_references) {
  page_pool pool(page_pool::slab_size);
  output out(pool);
  for (std::string const& body : {std::string("body"), std::string(3 * output::copied_max, 'b')}) {
    add_text(out, "head1 ");
    out.add({body.data(), body.size()});
    add_text(out, " head2 ");
    out.add({body.data(), body.size()});
    EXPECT_EQ(unsent(out), "head1 " + body + " head2 " + body);
    EXPECT_EQ(out.bytes(), 13 + 2 * body.size());
    out.clear();
  }
}

TEST(output, copies_few_bytes_behind_text) {
  page_pool pool(page_pool::slab_size);
  output out(pool);
  std::string const most(output::copied_max, 'x');
  std::string const more(output::copied_max + 1, 'y');
  out.add({most.data(), 1});  // Behind nothing.
  EXPECT_EQ(out.unsent()[0].data, most.data());
  add_text(out, "head1 ");
  out.add({most.data(), most.size()});
  add_text(out, " head2 ");
  ASSERT_EQ(out.unsent().size(), 2U);
  out.add({more.data(), more.size()});
  EXPECT_EQ(out.unsent()[2].data, more.data());
  out.add({most.data(), 1});  // Behind what is no text.
  add_text(out, "head3");
  out.sent(out.bytes() - 1);
  out.add({"4", 1});
  EXPECT_EQ(out.unsent().size(), 1U) << "behind text of which only the end is left";
  EXPECT_EQ(unsent(out), "34");
}

TEST(output, copies_nothing_where_the_page_has_no_room) {
  page_pool pool(page_pool::slab_size);
  output out(pool);
  std::string const text(output::text_max - output::copied_max + 1, 't');
  std::string const body(output::copied_max, 'x');
  add_text(out, text);
  out.add({body.data(), body.size()});
  ASSERT_EQ(out.unsent().size(), 2U);
  EXPECT_EQ(out.unsent()[1].data, body.data());
  out.add({body.data(), body.size() - 1});
  EXPECT_EQ(out.unsent().size(), 3U) << "the last span is no text";
  EXPECT_EQ(unsent(out), text + body + body.substr(1));
}

TEST(output, joins_text_with_text_to_one_span) {
  page_pool pool(page_pool::slab_size);
  output out(pool);
  for (int i = 0; i != 100; ++i) add_text(out, "304 ");
  EXPECT_EQ(out.unsent().size(), 1U);
}

TEST(output, joins_bytes_that_lie_side_by_side_to_one_span) {
  page_pool pool(page_pool::slab_size);
  output out(pool);
  std::string const body = std::string(output::copied_max + 1, 'a') + std::string(3000, 'b');
  const_span const front{body.data(), output::copied_max + 1};
  const_span const back{body.data() + front.size, body.size() - front.size};
  add_text(out, "head ");
  out.add(front);
  out.add(back);
  EXPECT_EQ(out.unsent().size(), 2U);
  EXPECT_EQ(unsent(out), "head " + body);
  EXPECT_EQ(out.bytes(), 5 + body.size());
  out.sent(5 + front.size + 1);
  EXPECT_EQ(unsent(out), body.substr(front.size + 1));
  out.sent(back.size - 1);
  out.add(front);
  out.sent(front.size);
  ASSERT_TRUE(out.empty());
  out.add(back);  // Behind what was sent.
  EXPECT_EQ(unsent(out), body.substr(front.size));
  out.add(front);
  EXPECT_EQ(out.unsent().size(), 2U) << "not side by side in this order";
  EXPECT_EQ(unsent(out), body.substr(front.size) + body.substr(0, front.size));
}

TEST(output, continues_after_a_short_send_of_every_size) {
  std::string const body = "0123456789";
  for (std::size_t step = 1; step <= 24; ++step) {
    page_pool pool(page_pool::slab_size);
    output out(pool);
    out.add({body.data(), body.size()});
    out.add({body.data(), 3});
    add_text(out, "d");
    out.add({body.data(), body.size()});
    ASSERT_EQ(out.unsent().size(), 3U);
    std::string sent;
    while (!out.empty()) {
      std::string const left = unsent(out);
      std::size_t const n = std::min(step, left.size());
      sent += left.substr(0, n);
      out.sent(n);
    }
    ASSERT_EQ(sent, "0123456789012d0123456789") << step;
    ASSERT_EQ(out.bytes(), 0U);
  }
}

TEST(output, text_that_follows_sent_text_is_a_span_of_its_own) {
  page_pool pool(page_pool::slab_size);
  output out(pool);
  add_text(out, "one");
  out.sent(3);
  EXPECT_TRUE(out.empty());
  add_text(out, "two");
  EXPECT_EQ(unsent(out), "two");
}

TEST(output, gives_every_page_back) {
  page_pool pool(page_pool::slab_size);
  {
    output out(pool);
    for (int i = 0; i != 20; ++i) add_text(out, std::string(1000, 'x'));
    EXPECT_EQ(pool.in_use(), 5U);
    out.clear();
    EXPECT_EQ(pool.in_use(), 0U);
    EXPECT_EQ(out.room(), output::spans_max);
    add_text(out, "again");
  }
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(output, says_when_the_pool_is_empty) {
  page_pool pool(0);
  output out(pool);
  EXPECT_EQ(out.reserve_text(1), nullptr);
  EXPECT_TRUE(out.empty());
}

}  // namespace
}  // namespace quire::server
