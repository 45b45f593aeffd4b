#include <quire/buffer/page_pool.hpp>

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <random>
#include <set>
#include <string>
#include <vector>

#ifdef __linux__
#include "tests/own_memory.hpp"
#endif

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

TEST(page_pool, what_is_set_aside_counts_within_the_limit) {
  page_pool pool(2 * page_pool::slab_size);
  EXPECT_FALSE(pool.set_aside(pool.bytes_max() + 1));
  ASSERT_TRUE(pool.set_aside(page_pool::slab_size));
  EXPECT_FALSE(pool.set_aside(static_cast<std::size_t>(-1)));
  EXPECT_EQ(pool.bytes_set_aside(), page_pool::slab_size);
  std::vector<page*> taken;
  while (page* const p = pool.acquire()) taken.push_back(p);
  EXPECT_EQ(pool.bytes(), page_pool::slab_size);
  EXPECT_FALSE(pool.set_aside(1)) << "there is nothing left";
  pool.give_back(page_pool::slab_size);
  page* const more = pool.acquire();
  ASSERT_NE(more, nullptr);
  pool.release(more);
  for (page* const p : taken) pool.release(p);
}

TEST(page_pool, what_is_set_aside_takes_the_place_of_free_pages_when_all_is_in_slabs) {
  page_pool pool(2 * page_pool::slab_size);
  std::size_t const all = 2 * page_pool::pages_per_slab;
  std::vector<page*> taken;
  auto const take_all = [&] {
    while (page* const p = pool.acquire()) {
      std::memset(p->first(), 0x5a, p->capacity());
      taken.push_back(p);
    }
    return taken.size();
  };
  auto const release = [&](std::size_t count) {
    for (; count != 0; --count) {
      pool.release(taken.back());
      taken.pop_back();
    }
  };
  ASSERT_EQ(take_all(), all);
  EXPECT_FALSE(pool.set_aside(1));
  release(3);
  EXPECT_FALSE(pool.set_aside(3 * page_pool::page_size + 1));
  ASSERT_TRUE(pool.set_aside(page_pool::page_size + 1));
  EXPECT_FALSE(pool.set_aside(3 * page_pool::page_size)) << "what is lent is not free";
  EXPECT_EQ(take_all(), all - 2);
  release(1);
  ASSERT_TRUE(pool.set_aside(page_pool::page_size - 1)) << "what was begun is used up first";
  EXPECT_EQ(take_all(), all - 2);
  pool.give_back(page_pool::page_size);
  EXPECT_EQ(take_all(), all - 1);
  pool.give_back(page_pool::page_size);
  EXPECT_EQ(take_all(), all);
  for (page* const p : taken) ASSERT_EQ(p->first()[page_pool::page_size - 1], 0x5a);
  // A slab at a time.
  release(all);
  EXPECT_FALSE(pool.set_aside(page_pool::slab_size + 1));
  EXPECT_TRUE(pool.set_aside(page_pool::slab_size));
  pool.give_back(page_pool::slab_size);
  EXPECT_EQ(take_all(), all);
  release(all);
}

TEST(page_pool, what_is_set_aside_takes_the_place_of_pages_that_nobody_has_had) {
  page_pool pool(page_pool::slab_size);
  page* const first = pool.acquire();
  std::size_t const size = (page_pool::pages_per_slab - 1) * page_pool::page_size;
  EXPECT_FALSE(pool.set_aside(size + 1));
  ASSERT_TRUE(pool.set_aside(size));
  EXPECT_EQ(pool.acquire(), nullptr);
  pool.give_back(size);
  std::set<page*> all{first};
  while (page* const p = pool.acquire()) EXPECT_TRUE(all.insert(p).second);
  EXPECT_EQ(all.size(), page_pool::pages_per_slab);
  for (page* const p : all) pool.release(p);
}

TEST(page_pool, what_is_set_aside_takes_the_place_of_no_page_that_is_pinned) {
  page_pool pool(2 * page_pool::slab_size);
  std::vector<page*> taken;
  while (page* const p = pool.acquire()) taken.push_back(p);
  for (page* const p : taken) pool.release(p);
  page_pool::slab* const pinned = pool.next_slab(nullptr);
  pinned->pinned = true;
  std::size_t const others = page_pool::pages_per_slab * page_pool::page_size;
  EXPECT_FALSE(pool.set_aside(others + 1));
  ASSERT_TRUE(pool.set_aside(others));
  EXPECT_FALSE(pool.set_aside(1));
  std::size_t count = 0;
  for (; page* const p = pool.acquire(); ++count) {
    taken[count] = p;
    char const* const first = page_pool::memory(pinned).data;
    EXPECT_TRUE(p->first() > first && p->first() < first + page_pool::slab_size);
  }
  EXPECT_EQ(count, page_pool::pages_per_slab);
  for (std::size_t i = 0; i != count; ++i) pool.release(taken[i]);
  pool.give_back(others);
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

std::uintptr_t slab_of(page const* p) {
  return reinterpret_cast<std::uintptr_t>(p->first()) & ~(page_pool::slab_size - 1);
}

TEST(page_pool, aligns_slabs_to_their_size) {
  page_pool pool(5 * page_pool::slab_size);
  std::vector<page*> taken;
  while (page* const p = pool.acquire()) taken.push_back(p);
  std::set<std::uintptr_t> slabs;
  for (auto const* s = pool.next_slab(nullptr); s != nullptr; s = pool.next_slab(s)) {
    slabs.insert(reinterpret_cast<std::uintptr_t>(page_pool::memory(s).data));
  }
  EXPECT_EQ(slabs.size(), 5U);
  for (page* const p : taken) {
    ASSERT_EQ(slabs.count(slab_of(p)), 1U);
    pool.release(p);
  }
}

// However pages come back: with half of them out, as many as one slab has free come from one.
TEST(page_pool, gives_pages_that_lie_together) {
  std::mt19937 random(20'240);
  page_pool pool(8 * page_pool::slab_size);
  std::vector<page*> taken;
  while (page* const p = pool.acquire()) taken.push_back(p);
  std::shuffle(taken.begin(), taken.end(), random);
  while (taken.size() > 4 * page_pool::pages_per_slab) {
    pool.release(taken.back());
    taken.pop_back();
  }
  for (int round = 0; round != 10; ++round) {
    pool.keep_together(32);
    std::set<std::uintptr_t> slabs;
    for (int i = 0; i != 32; ++i) {
      taken.push_back(pool.acquire());
      slabs.insert(slab_of(taken.back()));
    }
    EXPECT_EQ(slabs.size(), 1U) << round;
  }
  for (page* const p : taken) pool.release(p);
}

page* take_any(std::vector<page*>& pages, std::mt19937& random) {
  std::swap(pages[random() % pages.size()], pages.back());
  page* const p = pages.back();
  pages.pop_back();
  return p;
}

std::vector<page*> acquire_side_by_side(page_pool& pool, std::size_t count) {
  std::vector<page*> pages(count);
  if (!pool.acquire_side_by_side(pages)) pages.clear();
  return pages;
}
bool lie_side_by_side(std::vector<page*> const& pages) {
  return std::adjacent_find(pages.begin(), pages.end(), [](page* a, page* b) {
           return a->last() != b->first();
         }) == pages.end();
}

// What others take and give back in between is in the way of nobody.
TEST(page_pool, gives_pages_that_lie_side_by_side) {
  page_pool pool(page_pool::slab_size);
  std::vector<page*> taken;
  std::vector<page*> passing;
  constexpr std::size_t count = 4;
  while (taken.size() + 2 * count + 10 < page_pool::pages_per_slab) {
    // Not as many as before: some that have come back stay where they are.
    for (std::size_t i = 1 + taken.size() % 7; i != 0; --i) passing.push_back(pool.acquire());
    std::vector<page*> const together = acquire_side_by_side(pool, count);
    ASSERT_EQ(together.size(), count);
    EXPECT_TRUE(lie_side_by_side(together)) << taken.size();
    taken.insert(taken.end(), together.begin(), together.end());
    for (page* const p : passing) pool.release(p);
    passing.clear();
  }
  // And all that are left, once.
  std::set<page*> all(taken.begin(), taken.end());
  while (page* const p = pool.acquire()) EXPECT_TRUE(all.insert(p).second);
  EXPECT_EQ(all.size(), page_pool::pages_per_slab);
  for (page* const p : all) pool.release(p);
}

TEST(page_pool, gives_what_there_is_when_none_lie_side_by_side) {
  page_pool pool(page_pool::slab_size);
  std::vector<page*> taken;
  while (page* const p = pool.acquire()) taken.push_back(p);
  for (std::size_t i = 0; i < taken.size(); i += 2) pool.release(taken[i]);
  std::set<page*> again;
  EXPECT_TRUE(acquire_side_by_side(pool, 2).empty());
  EXPECT_EQ(pool.in_use(), taken.size() / 2);
  while (page* const p = pool.acquire()) again.insert(p);
  EXPECT_EQ(again.size(), (taken.size() + 1) / 2);
  EXPECT_TRUE(acquire_side_by_side(pool, 1).empty());
  for (page* const p : taken) pool.release(p);
}

TEST(page_pool, stays_with_a_slab_that_has_more_than_others) {
  page_pool pool(2 * page_pool::slab_size);
  std::vector<page*> taken;
  while (page* const p = pool.acquire()) taken.push_back(p);
  // The newest slab is the current one.
  for (std::size_t i = 0; i != 10; ++i) pool.release(taken[i]);
  for (std::size_t i = 0; i != 20; ++i) pool.release(taken[taken.size() - 1 - i]);
  std::uintptr_t const current = slab_of(taken.back());
  pool.keep_together(32);
  std::vector<page*> again;
  for (std::size_t i = 0; i != 30; ++i) {
    again.push_back(pool.acquire());
    EXPECT_EQ(slab_of(again.back()) == current, i < 20) << i;
  }
  EXPECT_EQ(std::set<page*>(again.begin(), again.end()).size(), 30U);
  for (page* const p : taken) pool.release(p);
}

TEST(page_pool, gives_what_there_is_when_no_slab_has_so_many) {
  page_pool pool(2 * page_pool::slab_size);
  std::vector<page*> taken;
  while (page* const p = pool.acquire()) taken.push_back(p);
  page* const first = taken.front();
  page* const last = taken.back();
  ASSERT_NE(slab_of(first), slab_of(last));
  pool.release(first);
  pool.release(last);
  pool.keep_together(32);
  EXPECT_EQ(pool.in_use(), taken.size() - 2);
  std::set<page*> const again = {pool.acquire(), pool.acquire()};
  EXPECT_EQ(again, (std::set<page*>{first, last}));
  EXPECT_EQ(pool.acquire(), nullptr);
  pool.keep_together(32);
  EXPECT_EQ(pool.acquire(), nullptr);
  for (page* const p : taken) pool.release(p);
}

TEST(page_pool, gives_pages_that_lie_side_by_side_in_every_order) {
  std::mt19937 random(11);
  page_pool pool(3 * page_pool::slab_size);
  std::vector<page*> taken;
  std::set<page*> out;
  std::size_t together = 0;
  for (std::size_t i = 0; i != 100'000; ++i) {
    std::size_t const wanted = (i / 2000 * 7919) % (3 * page_pool::pages_per_slab);
    if (taken.size() > wanted) {
      page* const p = take_any(taken, random);
      out.erase(p);
      pool.release(p);
    } else {
      std::size_t const count = 1 + random() % 8;
      std::vector<page*> const pages = acquire_side_by_side(pool, count);
      ASSERT_TRUE(pages.empty() || pages.size() == count);
      ASSERT_TRUE(lie_side_by_side(pages));
      together += pages.size();
      for (page* const p : pages) ASSERT_TRUE(out.insert(p).second);
      taken.insert(taken.end(), pages.begin(), pages.end());
      if (page* const p = pool.acquire()) {
        ASSERT_TRUE(out.insert(p).second);
        taken.push_back(p);
      }
    }
    ASSERT_EQ(pool.in_use(), taken.size());
  }
  EXPECT_GT(together, 5'000U);
  EXPECT_LE(pool.bytes(), pool.bytes_max());
  while (page* const p = pool.acquire()) {
    ASSERT_TRUE(out.insert(p).second);
    taken.push_back(p);
  }
  EXPECT_EQ(out.size(), 3 * page_pool::pages_per_slab);
  for (page* const p : taken) pool.release(p);
}

// Others that come and go one by one leave it to fill slabs to their ends.
TEST(page_pool, gives_nearly_all_pages_side_by_side) {
  page_pool pool(4 * page_pool::slab_size);
  std::vector<page*> taken;
  std::vector<page*> passing;
  for (;;) {
    while (passing.size() < 1 + taken.size() % 50) passing.push_back(pool.acquire());
    std::vector<page*> const together = acquire_side_by_side(pool, 3);
    if (together.empty()) break;
    taken.insert(taken.end(), together.begin(), together.end());
    for (page* const p : passing) pool.release(p);
    passing.clear();
  }
  EXPECT_EQ(pool.bytes(), pool.bytes_max());
  EXPECT_GT(taken.size() + 75, 4 * page_pool::pages_per_slab);
  for (page* const p : passing) pool.release(p);
  for (page* const p : taken) pool.release(p);
}

TEST(page_pool, keeps_new_pages_for_those_that_want_them_side_by_side) {
  page_pool pool(3 * page_pool::slab_size);
  std::vector<page*> taken;
  for (std::size_t i = 0; i != page_pool::pages_per_slab; ++i) taken.push_back(pool.acquire());
  std::uintptr_t const old = slab_of(taken.front());
  std::vector<page*> const together = acquire_side_by_side(pool, 4);
  taken.insert(taken.end(), together.begin(), together.end());
  taken.push_back(pool.acquire());
  EXPECT_NE(slab_of(taken.back()), old);
  for (std::size_t i = 0; i != 100; i += 2) pool.release(taken[i]);
  for (std::size_t i = 0; i != 100; i += 2) {
    taken[i] = pool.acquire();
    EXPECT_EQ(slab_of(taken[i]), old) << i;
  }
  for (page* const p : taken) pool.release(p);
}

// However much memory there may be: what is free in between is to be used.
TEST(page_pool, takes_no_slab_for_order_while_many_pages_are_free) {
  page_pool pool(8 * page_pool::slab_size);
  std::vector<page*> taken;
  for (std::size_t i = 0; i != 4 * page_pool::pages_per_slab; ++i) taken.push_back(pool.acquire());
  std::vector<page*> kept;
  for (std::size_t i = 0; i != taken.size(); ++i) {
    i % 2 == 0 ? pool.release(taken[i]) : kept.push_back(taken[i]);
  }
  EXPECT_TRUE(acquire_side_by_side(pool, 2).empty());
  EXPECT_EQ(pool.bytes(), 4 * page_pool::slab_size);
  for (page* const p : kept) pool.release(p);
}

// Also while pages of slabs that were full come back.
TEST(page_pool, fills_the_newest_slab_before_it_takes_another) {
  page_pool pool(8 * page_pool::slab_size);
  std::vector<page*> taken;
  for (std::size_t i = 0; i != 4 * page_pool::pages_per_slab; ++i) taken.push_back(pool.acquire());
  std::vector<page*> const together = acquire_side_by_side(pool, 4);
  ASSERT_EQ(together.size(), 4U);
  ASSERT_EQ(pool.bytes(), 5 * page_pool::slab_size);
  for (std::size_t i = 0; i != 4; ++i) pool.release(taken[i * page_pool::pages_per_slab]);
  std::vector<page*> const more = acquire_side_by_side(pool, 4);
  ASSERT_EQ(more.size(), 4U);
  EXPECT_EQ(pool.bytes(), 5 * page_pool::slab_size);
  for (std::size_t i = 0; i != 4; ++i) {
    pool.release(together[i]);
    pool.release(more[i]);
    taken[i * page_pool::pages_per_slab] = nullptr;
  }
  for (page* const p : taken) {
    if (p != nullptr) pool.release(p);
  }
}

// A long random run beside what a pool must be: a set.
TEST(page_pool, takes_no_slab_while_any_page_is_free) {
  std::mt19937 random(7);
  page_pool pool(6 * page_pool::slab_size);
  std::vector<page*> taken;
  std::set<page*> out;
  std::size_t most = 0;
  for (std::size_t i = 0; i != 400'000; ++i) {
    std::size_t const wanted = (i / 2000 * 7919) % (6 * page_pool::pages_per_slab);
    if (i % 64 == 0) pool.keep_together(random() % 64);
    if (taken.size() <= wanted) {
      page* const p = pool.acquire();
      ASSERT_NE(p, nullptr);
      ASSERT_TRUE(out.insert(p).second);
      ASSERT_EQ(p->readable(), 0U);
      p->commit_write(1);
      taken.push_back(p);
    } else {
      page* const p = take_any(taken, random);
      out.erase(p);
      pool.release(p);
    }
    ASSERT_EQ(pool.in_use(), taken.size());
    most = std::max(most, taken.size());
    std::size_t const slabs = (most + page_pool::pages_per_slab - 1) / page_pool::pages_per_slab;
    ASSERT_LE(pool.bytes(), std::max<std::size_t>(slabs, 1) * page_pool::slab_size);
  }
  EXPECT_EQ(pool.bytes(), pool.bytes_max());
  for (page* const p : taken) pool.release(p);
}

#ifdef __linux__
TEST(page_pool, takes_large_pages_of_the_system_from_the_second_slab_on) {
  if (!std::filesystem::exists("/sys/kernel/mm/transparent_hugepage")) {
    GTEST_SKIP() << "this system has none";
  }
  page_pool pool(2 * page_pool::slab_size);
  std::vector<page*> taken(page_pool::pages_per_slab + 1);
  for (page*& p : taken) p = pool.acquire();
  EXPECT_EQ(test::mapping_fact(taken.front()->first(), "VmFlags:").find(" hg "), std::string::npos);
  EXPECT_NE(test::mapping_fact(taken.back()->first(), "VmFlags:").find(" hg "), std::string::npos);
  for (page* const p : taken) pool.release(p);
}
#endif

}  // namespace
}  // namespace quire
