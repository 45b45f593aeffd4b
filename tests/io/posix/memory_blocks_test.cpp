#include "tests/own_memory.hpp"

#include <quire/io/posix/memory_blocks.hpp>
#include <quire/io/posix/system_page.hpp>

#include <gtest/gtest.h>
#include <sys/mman.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <random>
#include <string>
#include <vector>

namespace quire::io::posix {
namespace {

using test::can_be_written;
using test::mapping_fact;

constexpr std::size_t kib = 1024;
constexpr std::size_t half = memory_blocks::block_size / 2;

// Whether the page holds anything; false as well where nothing is mapped.
bool is_resident(char* place) {
  unsigned char state = 0;
  return ::mincore(place, 1, &state) == 0 && (state & 1) != 0;
}
bool is_mapped(char* place) {
  unsigned char state = 0;
  return ::mincore(place, 1, &state) == 0;
}

class memory_blocks_fixture : public ::testing::Test {
 protected:
  struct taken {
    memory_blocks::part part;
    std::size_t size;
    bool is_sealed = false;
  };

  ~memory_blocks_fixture() override {
    for (taken const& t : all) blocks.release(t.part, t.size, t.is_sealed);
    EXPECT_EQ(blocks.count(), 0u);
  }

  char* acquire(std::size_t size) {
    all.push_back({blocks.acquire(size), size});
    EXPECT_NE(all.back().part.data, nullptr);
    return all.back().part.data;
  }
  taken& find(char* data) {
    return *std::find_if(all.begin(), all.end(),
                         [&](taken const& t) { return t.part.data == data; });
  }
  void seal(char* data) {
    blocks.seal(*find(data).part.from);
    find(data).is_sealed = true;
  }
  void release(char* data) {
    taken const t = find(data);
    std::erase_if(all, [&](taken const& other) { return other.part.data == data; });
    blocks.release(t.part, t.size, t.is_sealed);
  }

  memory_blocks blocks;
  std::vector<taken> all;
};

TEST_F(memory_blocks_fixture, parts_lie_side_by_side_in_pages_of_their_own) {
  char* const first = acquire(1);
  char* const second = acquire(70 * kib + 1);
  char* const third = acquire(half);
  EXPECT_EQ(second, first + in_system_pages(1));
  EXPECT_EQ(third, second + in_system_pages(70 * kib + 1));
  EXPECT_EQ(reinterpret_cast<std::uintptr_t>(first) % memory_blocks::block_size, 0u);
  EXPECT_EQ(blocks.count(), 1u);
  for (char* const part : {first, second, third}) {
    taken const t = find(part);
    EXPECT_EQ(std::count(part, part + t.size, '\0'), static_cast<std::ptrdiff_t>(t.size));
    std::memset(part, 'x', t.size);
  }
}

TEST_F(memory_blocks_fixture, nothing_is_handed_out_twice) {
  char* const stays = acquire(100 * kib);
  char* last = stays;
  // More than a block, one after the other.
  for (int i = 0; i != 30; ++i) {
    char* const part = acquire(100 * kib);
    EXPECT_EQ(std::count(part, part + 100 * kib, '\0'), static_cast<std::ptrdiff_t>(100 * kib));
    std::memset(part, 'x', 100 * kib);
    if (find(part).part.from == find(stays).part.from) {
      EXPECT_GT(part, last);
      last = part;
    }
    release(part);
  }
}

TEST_F(memory_blocks_fixture, what_is_given_back_the_system_may_have_at_once) {
  char* const first = acquire(256 * kib);
  char* const second = acquire(256 * kib);
  std::memset(first, 'x', 256 * kib);
  std::memset(second, 'y', 256 * kib);
  release(first);
  EXPECT_TRUE(is_mapped(first));
  EXPECT_FALSE(is_resident(first));
  EXPECT_FALSE(is_resident(second - 1));
  EXPECT_EQ(std::count(second, second + 256 * kib, 'y'), static_cast<std::ptrdiff_t>(256 * kib));
  // A block with its last part, although there is room.
  release(second);
  EXPECT_EQ(blocks.count(), 0u);
  EXPECT_EQ(blocks.open_count(), 0u);
  EXPECT_FALSE(is_mapped(second));
}

TEST_F(memory_blocks_fixture, what_is_full_and_sealed_cannot_be_written) {
  char* const first = acquire(half);
  char* const second = acquire(half - 60 * kib);
  seal(second);
  // One may be written still, and so may the other.
  EXPECT_TRUE(can_be_written(first));
  EXPECT_TRUE(can_be_written(second));
  seal(first);
  EXPECT_EQ(blocks.open_count(), 0u);
  EXPECT_FALSE(can_be_written(first));
  EXPECT_FALSE(can_be_written(second));
  // What is given back unsealed holds nothing up.
  char* const third = acquire(half);
  char* const fourth = acquire(half);
  seal(third);
  EXPECT_TRUE(can_be_written(third));
  release(fourth);
  EXPECT_FALSE(can_be_written(third));
}

TEST_F(memory_blocks_fixture, a_part_leaves_the_room_that_others_need) {
  char* const roomy = acquire(half - 100 * kib);  // Leaves a half and 100 KiB.
  char* const tight = acquire(half);
  acquire(half - 200 * kib);  // Leaves 200 KiB in the second block.
  ASSERT_EQ(blocks.count(), 2u);
  memory_blocks::block* const second = find(all.back().part.data).part.from;
  ASSERT_NE(second, find(roomy).part.from);
  ASSERT_EQ(find(tight).part.from, find(roomy).part.from);
  // 100 KiB are left in the first one, 1.2 MiB in the second.
  EXPECT_EQ(find(acquire(64 * kib)).part.from, find(roomy).part.from);
  EXPECT_EQ(find(acquire(64 * kib)).part.from, second);
}

TEST_F(memory_blocks_fixture, the_fullest_is_given_up_when_many_are_open) {
  // What each leaves is too little for the next.
  constexpr std::size_t left[] = {400 * kib, 100 * kib, 300 * kib, 200 * kib, 500 * kib};
  std::vector<char*> firsts;
  for (std::size_t const room : left) {
    firsts.push_back(acquire(half));
    seal(firsts.back());
    seal(acquire(half - room));
  }
  EXPECT_EQ(blocks.count(), 5u);
  EXPECT_EQ(blocks.open_count(), 4u);
  for (std::size_t i = 0; i != firsts.size(); ++i) EXPECT_EQ(can_be_written(firsts[i]), i != 1);
}

TEST_F(memory_blocks_fixture, every_order_keeps_what_the_parts_hold) {
  std::mt19937 random(1);
  for (int i = 0; i != 3000; ++i) {
    bool const takes = all.size() < 3 || (all.size() < 40 && random() % 2 == 0);
    if (takes) {
      std::size_t const size = 1 + random() % memory_blocks::part_max;
      char* const part = acquire(size);
      ASSERT_EQ(part[0], '\0');
      ASSERT_EQ(part[size - 1], '\0');
      part[0] = part[size - 1] = static_cast<char>(size % 127 + 1);
      if (random() % 4 != 0) seal(part);
    } else {
      taken const t = all[random() % all.size()];
      ASSERT_EQ(t.part.data[0], static_cast<char>(t.size % 127 + 1));
      ASSERT_EQ(t.part.data[t.size - 1], static_cast<char>(t.size % 127 + 1));
      release(t.part.data);
    }
    ASSERT_LE(blocks.count(), all.size());
    ASSERT_LE(blocks.open_count(), blocks.count());
  }
}

long large_pages(char const* address) {
  return std::stol(mapping_fact(address, "AnonHugePages:"));
}

TEST_F(memory_blocks_fixture, a_block_is_a_large_page_and_stays_one_when_it_is_protected) {
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) {
    GTEST_SKIP() << "this system has none";
  }
  char* const part = acquire(half);
  char* const other = acquire(half);
  EXPECT_NE(mapping_fact(part, "VmFlags:").find(" hg "), std::string::npos);
  *part = 'x';
  if (large_pages(part) == 0) GTEST_SKIP() << "there is none at the moment";
  EXPECT_GE(large_pages(part), 2048);
  seal(part);
  seal(other);
  ASSERT_FALSE(can_be_written(part));
  EXPECT_GE(large_pages(part), 2048);
}

}  // namespace
}  // namespace quire::io::posix
