#include <quire/buffer/page_pool.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <set>
#include <vector>

namespace quire {
namespace {

TEST(page_pool, takes_nothing_until_a_page_is_wanted) {
  page_pool pool(page_pool::slab_size);
  EXPECT_EQ(pool.bytes(), 0U);
  EXPECT_EQ(pool.next_slab(nullptr), nullptr);
}

TEST(page_pool, gives_aligned_pages_that_do_not_overlap) {
  page_pool pool(2 * page_pool::slab_size);
  std::vector<page*> taken;
  std::set<char*> places;
  while (page* p = pool.acquire()) {
    ASSERT_EQ(reinterpret_cast<std::uintptr_t>(p->first()) % page_pool::page_size, 0U);
    ASSERT_EQ(p->capacity(), page_pool::page_size);
    ASSERT_EQ(p->readable(), 0U);
    std::memset(p->first(), 0x5a, p->capacity());
    ASSERT_TRUE(places.insert(p->first()).second);
    taken.push_back(p);
  }
  EXPECT_EQ(taken.size(), 2 * page_pool::pages_per_slab);
  EXPECT_EQ(pool.in_use(), taken.size());
  EXPECT_EQ(pool.bytes(), pool.bytes_max());
  for (page* p : taken) {
    ASSERT_EQ(p->capacity(), page_pool::page_size) << "writing into pages spoilt a header";
    pool.release(p);
  }
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(page_pool, gives_a_released_page_out_empty) {
  page_pool pool(page_pool::slab_size);
  page* const p = pool.acquire();
  ASSERT_NE(p, nullptr);
  p->commit_write(100);
  p->commit_read(50);
  pool.release(p);
  page* const again = pool.acquire();
  EXPECT_EQ(again, p);
  EXPECT_EQ(again->readable(), 0U);
  EXPECT_EQ(again->writable(), page_pool::page_size);
  pool.release(again);
}

TEST(page_pool, a_limit_of_zero_gives_nothing) {
  page_pool pool(0);
  EXPECT_EQ(pool.acquire(), nullptr);
}

TEST(page_pool, lists_its_slabs_with_their_memory) {
  page_pool pool(3 * page_pool::slab_size);
  std::vector<page*> taken;
  for (std::size_t i = 0; i != page_pool::pages_per_slab + 1; ++i) taken.push_back(pool.acquire());
  std::size_t slabs = 0;
  std::size_t found = 0;
  for (auto const* s = pool.next_slab(nullptr); s != nullptr; s = pool.next_slab(s)) {
    ++slabs;
    mutable_span const memory = page_pool::memory(s);
    for (page* p : taken) {
      if (p->first() >= memory.data && p->last() <= memory.data + memory.size) ++found;
    }
  }
  EXPECT_EQ(slabs, 2U);
  EXPECT_EQ(found, taken.size());
  for (page* p : taken) pool.release(p);
}

}  // namespace
}  // namespace quire
