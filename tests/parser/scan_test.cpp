// Every kernel against a table look-up, at every length and alignment, between guard pages.
#include "tests/parser/guarded_memory.hpp"

#include <quire/parser/characters.hpp>
#include <quire/parser/scan.hpp>

#include <gtest/gtest.h>
#include <algorithm>
#include <cstdint>
#include <cstring>
#include <random>
#include <string>

namespace quire::http::test {
namespace {

class scan_kernels : public testing::TestWithParam<scan::kernel const*> {};

std::string kernel_name(testing::TestParamInfo<scan::kernel const*> const& info) {
  std::string name = info.param->name;
  std::erase(name, '.');
  return name;
}

std::vector<scan::kernel const*> all_kernels() {
  std::vector<scan::kernel const*> all;
  for (auto const* k = scan::available_kernels(); *k != nullptr; ++k) all.push_back(*k);
  return all;
}

INSTANTIATE_TEST_SUITE_P(every, scan_kernels, testing::ValuesIn(all_kernels()), kernel_name);

constexpr std::size_t longest = 512;

char const* slow_end(character_class k, char const* first, char const* last) {
  return std::find_if(first, last, [k](char c) { return !is(k, c); });
}

void expect_right_ends(scan::kernel const& k, char const* first, char const* last) {
  ASSERT_EQ(k.find_token_end(first, last), slow_end(character_class::token, first, last));
  ASSERT_EQ(k.find_value_end(first, last), slow_end(character_class::field_value, first, last));
  ASSERT_EQ(k.find_target_end(first, last), slow_end(character_class::target, first, last));
}

TEST_P(scan_kernels, know_the_class_of_every_octet) {
  for (int c = 0; c < 256; ++c) {
    for (std::size_t at = 0; at < 130; ++at) {
      std::string text(130, 'a');
      text[at] = static_cast<char>(c);
      expect_right_ends(*GetParam(), text.data(), text.data() + text.size());
    }
  }
}

TEST_P(scan_kernels, read_nothing_in_front_of_or_behind_their_input) {
  guarded_memory const memory(longest);
  std::mt19937 random(1);
  for (std::size_t size = 0; size <= longest; ++size) {
    for (char* const start : {memory.first(), memory.last() - size}) {
      std::fill(start, start + size, 'x');
      expect_right_ends(*GetParam(), start, start + size);
      if (size == 0) continue;
      start[random() % size] = static_cast<char>(random());
      start[random() % size] = static_cast<char>(random());
      expect_right_ends(*GetParam(), start, start + size);
    }
  }
}

TEST(scan, chooses_the_widest_kernel_by_itself) {
  auto const all = all_kernels();
  std::string const text = "abc:";
  EXPECT_EQ(scan::find_end<character_class::token>(text.data(), text.data() + 4), text.data() + 3);
  scan::use_kernel(*all.back());
  EXPECT_EQ(&scan::active_kernel(), all.back());
}

}  // namespace
}  // namespace quire::http::test
