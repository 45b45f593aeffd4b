#include <quire/buffer/buffer.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace quire {
namespace {

// Pages of a chosen size over memory that the test owns.
class pages {
 public:
  page* make(std::size_t size, std::string_view content = {}) {
    memory_.push_back(std::string(size, '?'));
    char* const first = memory_.back().data();
    page& p = made_.emplace_back(first, first + size);
    std::copy(content.begin(), content.end(), first);
    p.commit_write(content.size());
    return &p;
  }

 private:
  std::deque<std::string> memory_;
  std::deque<page> made_;
};

std::string text(buffer const& b) {
  return {b.begin(), b.end()};
}

// Writes through the scatter list, as a receive does.
void write(buffer& b, std::string_view bytes) {
  std::array<mutable_span, 8> spans;
  std::size_t const count = b.scatter(spans);
  std::size_t done = 0;
  for (std::size_t i = 0; i != count && done != bytes.size(); ++i) {
    std::size_t const here = std::min(spans[i].size, bytes.size() - done);
    std::memcpy(spans[i].data, bytes.data() + done, here);
    done += here;
  }
  ASSERT_EQ(done, bytes.size());
  b.commit_write(done);
}

TEST(buffer, is_empty_without_pages) {
  buffer b;
  EXPECT_TRUE(b.empty());
  EXPECT_FALSE(b.has_pages());
  EXPECT_EQ(b.writable(), 0U);
  EXPECT_EQ(b.begin(), b.end());
  EXPECT_EQ(b.pages_begin(), b.pages_end());
  EXPECT_EQ(b.pop(), nullptr);
  EXPECT_EQ(b.pop_consumed(), nullptr);
  EXPECT_EQ(b.pop_unwritten(), nullptr);
}

TEST(buffer, keeps_the_order_of_bytes_at_every_page_size_and_every_piece) {
  std::string const message = "abcdefghijklmnopqrstuvwxyz";
  for (std::size_t page_size = 1; page_size <= message.size(); ++page_size) {
    for (std::size_t piece = 1; piece <= message.size(); ++piece) {
      pages memory;
      buffer b;
      for (std::size_t at = 0; at < message.size(); at += piece) {
        std::string_view const part = std::string_view(message).substr(at, piece);
        while (b.writable() < part.size()) b.push(memory.make(page_size));
        std::array<mutable_span, 32> spans;
        std::size_t const count = b.scatter(spans);
        std::size_t done = 0;
        for (std::size_t i = 0; i != count && done != part.size(); ++i) {
          std::size_t const here = std::min(spans[i].size, part.size() - done);
          std::memcpy(spans[i].data, part.data() + done, here);
          done += here;
        }
        b.commit_write(done);
      }
      ASSERT_EQ(text(b), message) << page_size << ' ' << piece;
      ASSERT_EQ(b.size(), message.size());
      ASSERT_EQ(b.end() - b.begin(), static_cast<std::ptrdiff_t>(message.size()));
    }
  }
}

TEST(buffer, reads_across_pages_and_counts_the_offset) {
  pages memory;
  buffer b;
  for (auto part : {"abc", "def", "gh"}) b.push(memory.make(3, part));
  b.commit_read(4);
  EXPECT_EQ(text(b), "efgh");
  EXPECT_EQ(b.offset(), 4U);
  EXPECT_EQ(b.begin().offset(), 4U);
  EXPECT_NE(b.pop_consumed(), nullptr);
  EXPECT_EQ(b.pop_consumed(), nullptr);
  EXPECT_EQ(text(b), "efgh");
}

TEST(buffer, numbers_bytes_wherever_they_were_written) {
  pages memory;
  buffer b;
  for (int i = 0; i != 3; ++i) b.push(memory.make(4));
  write(b, "0123");
  EXPECT_EQ(b.end().offset(), 4U);
  write(b, "456789");
  for (std::ptrdiff_t i = 0; i <= 10; ++i) {
    EXPECT_EQ((b.begin() + i).offset(), static_cast<std::uint64_t>(i));
    EXPECT_EQ(b.begin() + i - b.begin(), i);
  }
  b.commit_read(10);
  while (b.pop() != nullptr) {
  }
  b.push(memory.make(4));
  b.push(memory.make(4, "ab"));
  EXPECT_EQ(b.begin().offset(), 10U);
  EXPECT_EQ(b.end().offset(), 12U);
  b.commit_read(2);
  EXPECT_NE(b.pop(), nullptr);
  EXPECT_NE(b.pop(), nullptr);
  b.push(memory.make(4));
  b.push(memory.make(4));
  EXPECT_NE(b.pop(), nullptr);
  write(b, "c");
  EXPECT_EQ(b.begin().offset(), 12U);
}

TEST(buffer, iterates_backwards_over_page_borders) {
  pages memory;
  buffer b;
  for (auto part : {"ab", "", "c", "de"}) b.push(memory.make(2, part));
  std::string reversed;
  for (buffer::iterator it = b.end(); it != b.begin();) reversed += *--it;
  EXPECT_EQ(reversed, "edcba");
}

TEST(buffer, an_end_becomes_the_beginning_of_what_is_written_later) {
  pages memory;
  buffer b;
  b.push(memory.make(2, "ab"));
  buffer::iterator const end = b.end();
  b.push(memory.make(2, "cd"));
  EXPECT_EQ(std::string(end, b.end()), "cd");
  EXPECT_EQ(*end, 'c');
  EXPECT_EQ(end.run().size, 2U);
}

TEST(buffer, an_end_in_a_page_with_space_continues_in_that_page) {
  pages memory;
  buffer b;
  b.push(memory.make(4, "ab"));
  buffer::iterator const end = b.end();
  write(b, "cd");
  EXPECT_EQ(std::string(end, b.end()), "cd");
}

TEST(buffer, advances_by_pages) {
  pages memory;
  buffer b;
  std::string all;
  for (int i = 0; i != 20; ++i) {
    std::string const part(static_cast<std::size_t>(i % 5), static_cast<char>('a' + i));
    b.push(memory.make(5, part));
    all += part;
  }
  for (std::size_t from = 0; from <= all.size(); ++from) {
    buffer::iterator const start = b.begin() + static_cast<std::ptrdiff_t>(from);
    ASSERT_EQ(std::string(start, b.end()), all.substr(from));
    for (std::size_t to = from; to <= all.size(); ++to) {
      buffer::iterator const last = start + static_cast<std::ptrdiff_t>(to - from);
      ASSERT_EQ(std::string(start, last), all.substr(from, to - from));
    }
  }
}

TEST(buffer, gathers_readable_runs_and_no_empty_ones) {
  pages memory;
  buffer b;
  for (auto part : {"ab", "", "cd"}) b.push(memory.make(3, part));
  std::array<const_span, 4> spans;
  ASSERT_EQ(b.gather(spans), 2U);
  EXPECT_EQ(std::string_view(spans[0].data, spans[0].size), "ab");
  EXPECT_EQ(std::string_view(spans[1].data, spans[1].size), "cd");
  std::array<const_span, 1> one;
  EXPECT_EQ(b.gather(one), 1U);
}

TEST(buffer, scatters_into_free_space_in_order) {
  pages memory;
  buffer b;
  b.push(memory.make(3, "a"));
  b.push(memory.make(3));
  std::array<mutable_span, 4> spans;
  ASSERT_EQ(b.scatter(spans), 2U);
  EXPECT_EQ(spans[0].size, 2U);
  EXPECT_EQ(spans[1].size, 3U);
  EXPECT_EQ(b.writable(), 5U);
  write(b, "bcde");
  EXPECT_EQ(text(b), "abcde");
  EXPECT_EQ(b.writable(), 1U);
}

TEST(buffer, a_filled_page_closes_the_free_space_before_it) {
  pages memory;
  buffer b;
  b.push(memory.make(8, "a"));
  b.push(memory.make(8, "b"));
  EXPECT_EQ(b.writable(), 7U);
  write(b, "c");
  EXPECT_EQ(text(b), "abc");
}

TEST(buffer, gives_back_pages_that_were_not_written) {
  pages memory;
  buffer b;
  page* const first = memory.make(2, "a");
  page* const second = memory.make(2);
  b.push(first);
  b.push(second);
  EXPECT_EQ(b.pop_unwritten(), second);
  EXPECT_EQ(b.pop_unwritten(), nullptr);
  EXPECT_EQ(text(b), "a");
  write(b, "b");
  EXPECT_EQ(text(b), "ab");
}

TEST(buffer, keeps_a_consumed_page_while_it_has_free_space) {
  pages memory;
  buffer b;
  page* const only = memory.make(4, "ab");
  b.push(only);
  b.commit_read(2);
  EXPECT_EQ(b.pop_consumed(), nullptr);
  write(b, "cd");
  EXPECT_EQ(text(b), "cd");
  b.commit_read(2);
  EXPECT_EQ(b.pop_consumed(), only);
  EXPECT_FALSE(b.has_pages());
}

TEST(buffer, pop_drops_what_the_page_still_held) {
  pages memory;
  buffer b;
  b.push(memory.make(2, "ab"));
  b.push(memory.make(2, "cd"));
  b.commit_read(1);
  ASSERT_NE(b.pop(), nullptr);
  EXPECT_EQ(text(b), "cd");
  EXPECT_EQ(b.offset(), 2U);
  EXPECT_EQ(b.size(), 2U);
}

}  // namespace
}  // namespace quire
