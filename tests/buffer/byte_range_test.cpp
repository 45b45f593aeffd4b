#include <quire/buffer/byte_range.hpp>

#include <gtest/gtest.h>

#include <array>
#include <cstring>
#include <string>

namespace quire {
namespace {

TEST(byte_range, copies_only_when_it_straddles_pages) {
  std::string memory = "abcdefgh";
  for (std::size_t cut = 0; cut <= memory.size(); ++cut) {
    page front(memory.data(), memory.data() + cut);
    page back(memory.data() + cut, memory.data() + memory.size());
    front.commit_write(cut);
    back.commit_write(memory.size() - cut);
    buffer b;
    b.push(&front);
    b.push(&back);
    for (std::size_t from = 0; from <= memory.size(); ++from) {
      for (std::size_t to = from; to <= memory.size(); ++to) {
        byte_range const range{b.begin() + static_cast<std::ptrdiff_t>(from),
                               b.begin() + static_cast<std::ptrdiff_t>(to)};
        std::array<char, 8> scratch{};
        std::string_view const got = range.contiguous(scratch);
        ASSERT_EQ(got, std::string_view(memory).substr(from, to - from));
        bool const straddles = from < cut && cut < to;
        ASSERT_EQ(range.is_contiguous(), !straddles);
        ASSERT_EQ(got.data() == scratch.data(), straddles);
        ASSERT_EQ(range.size(), to - from);
      }
    }
    b.pop();
    b.pop();
  }
}

}  // namespace
}  // namespace quire
