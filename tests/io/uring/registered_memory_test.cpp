// Which memory is registered, and which reads find it.
#include <quire/io/uring/registered_memory.hpp>
#include <quire/io/uring/ring.hpp>
#include <quire/io/uring/self_test.hpp>
#include <quire/io/uring/support.hpp>

#include "tests/io/uring/locked_memory.hpp"

#include <gtest/gtest.h>

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <set>
#include <vector>

namespace quire::io::uring {
namespace {

constexpr std::size_t page_size = page_pool::page_size;
constexpr int none = registered_memory::none;

class uring_memory : public ::testing::Test {
 protected:
  uring_memory() : pool((registered_memory::slabs_max + 2) * page_pool::slab_size) {}
  ~uring_memory() override {
    for (page* const p : taken) pool.release(p);
  }
  void SetUp() override {
    if (r.open(8) != 0) GTEST_SKIP() << "io_uring is not allowed on this machine";
    if (!test::may_lock(8u << 20)) GTEST_SKIP() << "too little memory may be locked here";
  }

  // The first page of a slab that was not there.
  mutable_span first_of_new_slab() {
    std::size_t const before = pool.bytes();
    for (;;) {
      mutable_span const s = one_page();
      if (pool.bytes() != before) return s;
    }
  }
  mutable_span one_page() {
    page* const p = pool.acquire();
    if (p == nullptr) throw std::bad_alloc();
    taken.push_back(p);
    return {p->first(), p->capacity()};
  }
  static int find(registered_memory& m, mutable_span s) { return m.find({&s, 1}); }

  ring r;
  page_pool pool;
  std::vector<page*> taken;
};

TEST_F(uring_memory, is_registered_when_it_is_first_read_into) {
  registered_memory m;
  m.open(r.descriptor(), pool);
  mutable_span const a = first_of_new_slab();
  EXPECT_EQ(m.size(), 0u);
  int const number = find(m, a);
  EXPECT_NE(number, none);
  EXPECT_EQ(m.size(), 1u);
  EXPECT_EQ(find(m, one_page()), number);
  mutable_span const b = first_of_new_slab();
  EXPECT_EQ(m.size(), 1u);
  EXPECT_NE(find(m, b), none);
  EXPECT_NE(find(m, b), number);
  EXPECT_EQ(find(m, a), number);
  EXPECT_EQ(m.size(), 2u);
}

TEST_F(uring_memory, is_found_only_for_what_lies_in_one_slab) {
  if (find_operation(r.descriptor(), registered_memory::readv_fixed) != 0) {
    GTEST_SKIP() << "this kernel reads one run into registered memory only";
  }
  registered_memory m;
  m.open(r.descriptor(), pool);
  mutable_span const a = first_of_new_slab();
  mutable_span const b = one_page();
  mutable_span const elsewhere = first_of_new_slab();
  std::vector<char> other(page_size);
  auto const found = [&](std::vector<mutable_span> const& spans) { return m.find(spans) != none; };
  EXPECT_TRUE(found({a, b}));
  EXPECT_TRUE(found({b, a, {a.data + 100, 1}}));
  EXPECT_TRUE(found({elsewhere}));
  EXPECT_FALSE(found({}));
  EXPECT_FALSE(found({a, elsewhere}));
  EXPECT_FALSE(found({elsewhere, a}));
  EXPECT_FALSE(found({{other.data(), other.size()}}));
  EXPECT_FALSE(found({a, {other.data(), other.size()}}));
  EXPECT_FALSE(found({{a.data, 0}}));
  EXPECT_FALSE(found({a, {a.data, 0}}));
  // To the last byte of the slab, and not beyond.
  auto const address = reinterpret_cast<std::uintptr_t>(a.data);
  std::size_t const left = page_pool::slab_size - address % page_pool::slab_size;
  EXPECT_TRUE(found({{a.data, left}}));
  EXPECT_FALSE(found({{a.data, left + 1}}));
  EXPECT_FALSE(found({{a.data, static_cast<std::size_t>(-1)}}));
}

TEST_F(uring_memory, is_registered_up_to_a_limit_and_each_slab_has_its_number) {
  registered_memory m;
  m.open(r.descriptor(), pool);
  std::vector<mutable_span> slabs;
  std::set<int> numbers;
  for (std::size_t i = 0; i != registered_memory::slabs_max + 2; ++i) {
    slabs.push_back(first_of_new_slab());
    numbers.insert(find(m, slabs.back()));
  }
  numbers.erase(none);
  EXPECT_EQ(numbers.size(), m.size());
  EXPECT_LE(m.size(), registered_memory::slabs_max);
  EXPECT_GE(m.size(), 2u);
  auto const found = std::count_if(slabs.begin(), slabs.end(),
                                   [&](mutable_span const& s) { return find(m, s) != none; });
  EXPECT_EQ(static_cast<std::size_t>(found), m.size());
}

TEST_F(uring_memory, of_several_slabs_at_once_is_registered_the_newest_first) {
  registered_memory m;
  m.open(r.descriptor(), pool, 1);
  mutable_span const a = first_of_new_slab();
  mutable_span const b = first_of_new_slab();
  EXPECT_EQ(find(m, a), none);
  EXPECT_NE(find(m, b), none);
  EXPECT_EQ(find(m, first_of_new_slab()), none);
  EXPECT_EQ(m.size(), 1u);
}

TEST_F(uring_memory, that_the_kernel_refuses_is_none) {
  registered_memory m;
  m.open(r.descriptor(), pool);
  mutable_span const a = first_of_new_slab();
  EXPECT_NE(find(m, a), none);
  mutable_span const b = first_of_new_slab();
  // What cannot be written to cannot be registered for reads.
  auto const slab = reinterpret_cast<std::uintptr_t>(b.data) & ~(page_pool::slab_size - 1);
  auto* const last = reinterpret_cast<char*>(slab) + page_pool::slab_size - page_size;
  ASSERT_EQ(::mprotect(last, page_size, PROT_READ), 0);
  EXPECT_EQ(find(m, b), none);
  ASSERT_EQ(::mprotect(last, page_size, PROT_READ | PROT_WRITE), 0);
  EXPECT_EQ(find(m, b), none) << "it is not tried for each read";
  EXPECT_EQ(find(m, first_of_new_slab()), none);
  EXPECT_NE(find(m, a), none) << "what is registered stays so";
  EXPECT_EQ(m.size(), 1u);
}

TEST_F(uring_memory, without_a_table_in_the_kernel_is_none) {
  int const file = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  registered_memory m;
  m.open(file, pool);
  EXPECT_EQ(find(m, first_of_new_slab()), none);
  EXPECT_EQ(m.size(), 0u);
  ::close(file);
}

// 0 when half of four slabs is used by one ring, nothing is left for another, and it can be used again;
// else which of that was not so.
int use_half_of_four_slabs() {
  if (!test::lock_no_more_than(4 * page_pool::slab_size)) return 1;
  page_pool pool(3 * page_pool::slab_size);
  std::vector<page*> pages(3 * page_pool::pages_per_slab);
  for (page*& p : pages) p = pool.acquire();
  mutable_span const span{pages.back()->first(), page_size};
  int outcome = 0;
  {
    ring one;
    ring another;
    registered_memory m;
    registered_memory others;
    if (one.open(8) != 0 || another.open(8) != 0) return 2;
    m.open(one.descriptor(), pool);
    others.open(another.descriptor(), pool);
    if (m.find({&span, 1}) == none || m.size() != 2) outcome = 3;
    if (others.find({&span, 1}) != none || others.size() != 0) outcome = 4;
  }
  // The kernel takes its time to let go of it, so not all can be had again at once.
  ring r;
  registered_memory m;
  if (r.open(8) != 0) return 5;
  m.open(r.descriptor(), pool, 1);
  if (m.find({&span, 1}) == none) outcome = 6;
  for (page* const p : pages) pool.release(p);
  return outcome;
}

TEST_F(uring_memory, leaves_half_of_what_may_be_locked_to_the_rings_themselves) {
  EXPECT_EXIT(std::_Exit(use_half_of_four_slabs()), ::testing::ExitedWithCode(0), "");
}

TEST_F(uring_memory, by_lists_is_the_last_thing_that_is_probed_and_not_needed) {
  std::vector<feature> const all = probe_features();
  ASSERT_FALSE(all.empty());
  if (!check_support().usable) GTEST_SKIP() << "the back end cannot be used here";
  EXPECT_EQ(all.back().name, "READV_FIXED");
  EXPECT_FALSE(all.back().needed);
  EXPECT_EQ(all.back().there, find_operation(r.descriptor(), registered_memory::readv_fixed) == 0);
  EXPECT_EQ(std::count_if(all.begin(), all.end(), [](feature const& f) { return f.needed; }),
            static_cast<std::ptrdiff_t>(all.size()) - 1);
}

}  // namespace
}  // namespace quire::io::uring
