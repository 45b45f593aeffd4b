// Files that are read into registered memory; what the contract asks of reads is tested for all
// back ends, with pages of the pool as here (contract_file_modes_test.cpp).
#include <quire/io/uring/registered_memory.hpp>
#include <quire/io/uring/ring.hpp>
#include <quire/io/uring/self_test.hpp>

#include "tests/io/contract_fixture.hpp"
#include "tests/io/uring/locked_memory.hpp"

#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <vector>

namespace quire::test {
namespace {

using io::file_mode;
constexpr std::array all_modes = {file_mode::buffered, file_mode::uncached, file_mode::direct};

// Puts other memory, of zeros, in the place of a page's. What is read into registered memory goes
// to the memory that was there when it was registered, so the other stays as it is.
void replace_memory(mutable_span s) {
  void* const memory = ::mmap(s.data, s.size, PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0);
  if (memory != s.data) std::abort();
}
bool is_replaced(mutable_span s) {
  return std::all_of(s.data, s.data + s.size, [](char c) { return c == 0; });
}

class uring_reads : public contract<uring_back_end> {
 protected:
  using file = proactor::file;

  uring_reads() { open_root(); }
  ~uring_reads() override {
    for (page* const p : pages) pool.release(p);
  }
  void SetUp() override {
    contract<uring_back_end>::SetUp();
    if (IsSkipped() || HasFatalFailure()) return;
    io::uring::ring r;
    if (r.open(8) != 0 ||
        io::uring::find_operation(r.descriptor(), io::uring::registered_memory::readv_fixed) != 0) {
      GTEST_SKIP() << "this kernel reads one run into registered memory only";
    }
    files.make_file("f", "text");
    file f;
    open_file(f, "f", file_mode::direct);
    bool const direct = f.mode() == file_mode::direct;
    loop.close(f);
    if (!direct) GTEST_SKIP() << "the file system of " << files.root() << " has no direct reads";
    if (!may_lock(8u << 20)) GTEST_SKIP() << "too little memory may be locked here";
  }

  // Pages one after the other, as long as they lie in one slab.
  std::vector<mutable_span> in_one_slab(std::size_t count) {
    pool.keep_together(count);
    return any(count);
  }
  std::vector<mutable_span> any(std::size_t count) {
    std::vector<mutable_span> spans;
    while (spans.size() != count) {
      pages.push_back(pool.acquire());
      spans.push_back({pages.back()->first(), page_size});
    }
    return spans;
  }
  // In no order, so that they are not one run of memory.
  static std::vector<mutable_span> shuffled(std::vector<mutable_span> spans) {
    for (std::size_t i = 0; i + 1 < spans.size(); i += 2) std::swap(spans[i], spans[i + 1]);
    std::reverse(spans.begin(), spans.end());
    return spans;
  }

  std::string read(file& f, std::uint64_t offset, std::vector<mutable_span> const& spans) {
    read_op r;
    loop.read(f, r.op, offset, spans);
    run_until_done(r);
    EXPECT_EQ(r.result(), error::none) << io::name(r.result());
    EXPECT_EQ(r.completions, 1);
    std::string text;
    for (mutable_span const& s : spans) text.append(s.data, s.size);
    text.resize(r.transferred());
    return text;
  }

  // Whether a read of so much goes into the memory that is registered. The last span is spoilt.
  bool is_read_by_number(file& f, std::vector<mutable_span> const& spans) {
    replace_memory(spans.back());
    std::string const text = read(f, 0, spans);
    EXPECT_EQ(text.size(), spans.size() * page_size) << "the file is to be as long";
    return is_replaced(spans.back());
  }

  std::vector<page*> pages;
};

TEST_F(uring_reads, pages_of_one_slab_are_read_into_by_number_in_direct_mode) {
  std::string const text = pattern(40 * page_size + 100);
  for (file_mode const mode : all_modes) {
    files.make_cold_file("f", text);
    file f;
    open_file(f, "f", mode);
    std::vector<mutable_span> const spans = shuffled(in_one_slab(32));
    EXPECT_TRUE(read(f, 0, spans) == text.substr(0, 32 * page_size)) << io::name(mode);
    EXPECT_TRUE(read(f, 3 * page_size, spans) == text.substr(3 * page_size, 32 * page_size));
    EXPECT_TRUE(read(f, 36 * page_size, spans) == text.substr(36 * page_size));
    EXPECT_EQ(read(f, 64 * page_size, spans), "");
    EXPECT_EQ(is_read_by_number(f, spans), f.mode() == file_mode::direct) << io::name(mode);
    loop.close(f);
  }
}

// The pool may give the memory of free pages back to the system, but not of those that are read into
// by number: what is read would lie in the old memory.
TEST_F(uring_reads, pages_that_were_free_while_memory_was_set_aside_are_read_into) {
  std::string const text = pattern(32 * page_size);
  files.make_cold_file("f", text);
  file f;
  open_file(f, "f", file_mode::direct);
  std::vector<mutable_span> const spans = in_one_slab(32);
  EXPECT_TRUE(read(f, 0, spans) == text);
  std::vector<page*> others;
  while (page* const p = pool.acquire()) others.push_back(p);
  for (std::vector<page*>* const all : {&others, &pages}) {
    for (page* const p : *all) pool.release(p);
    all->clear();
  }
  std::size_t count = 0;
  while (pool.set_aside(page_pool::slab_size / 2)) ++count;
  for (; count != 0; --count) pool.give_back(page_pool::slab_size / 2);
  while (page* const p = pool.acquire()) pages.push_back(p);
  for (mutable_span const& s : spans) std::fill(s.data, s.data + s.size, 'x');
  EXPECT_TRUE(read(f, 0, spans) == text);
  loop.close(f);
}

TEST_F(uring_reads, one_page_is_read_into_by_number_in_direct_mode) {
  std::string const text = pattern(2 * page_size + 100);
  for (file_mode const mode : all_modes) {
    files.make_cold_file("f", text);
    file f;
    open_file(f, "f", mode);
    std::vector<mutable_span> const span = in_one_slab(1);
    EXPECT_EQ(read(f, page_size, span), text.substr(page_size, page_size));
    EXPECT_EQ(read(f, 2 * page_size, span), text.substr(2 * page_size));
    EXPECT_EQ(is_read_by_number(f, span), f.mode() == file_mode::direct) << io::name(mode);
    loop.close(f);
  }
}

TEST_F(uring_reads, pages_of_several_slabs_are_read_into_as_ever) {
  std::string const text = pattern(page_pool::pages_per_slab * page_size + page_size);
  files.make_file("f", text);
  file f;
  open_file(f, "f", file_mode::direct);
  std::vector<mutable_span> const spans = any(page_pool::pages_per_slab + 1);
  EXPECT_TRUE(read(f, 0, spans) == text);
  EXPECT_FALSE(is_read_by_number(f, spans));
  loop.close(f);
}

TEST_F(uring_reads, memory_that_is_not_of_the_pool_is_read_into_as_ever) {
  std::string const text = pattern(2 * page_size);
  files.make_file("f", text);
  file f;
  open_file(f, "f", file_mode::direct);
  alignas(page_size) static std::array<char, page_size> other;
  std::vector<mutable_span> const spans = {in_one_slab(1).front(), {other.data(), page_size}};
  EXPECT_EQ(read(f, 0, spans), text);
  EXPECT_EQ(read(f, page_size, {spans[1]}), text.substr(page_size));
  std::vector<mutable_span> const with_nothing = {spans[0], {other.data(), 0}, {spans[0].data, 0}};
  EXPECT_EQ(read(f, 0, with_nothing), text.substr(0, page_size));
  loop.close(f);
}

// The kernel would fill the list of spans itself.
TEST_F(uring_reads, a_file_that_is_not_read_by_an_iterator_is_read_as_ever) {
  proactor::directory self;
  error e = error::other;
  loop.open(self, "/proc/self", e);
  ASSERT_EQ(e, error::none);
  open_op opened;
  loop.open(self, opened.op, "limits", file_mode::direct);
  run_until_done(opened);
  ASSERT_EQ(opened.result(), error::none);
  file f;
  loop.adopt(f, opened.op);
  EXPECT_EQ(f.mode(), file_mode::buffered);
  std::ifstream plain("/proc/self/limits");
  std::string const text{std::istreambuf_iterator<char>(plain), {}};
  ASSERT_FALSE(text.empty());
  EXPECT_EQ(read(f, 0, in_one_slab(1)), text);
  std::vector<mutable_span> const spans = in_one_slab(4);
  mutable_span const first = spans.front();
  EXPECT_EQ(read(f, 0, spans), text);
  EXPECT_EQ(spans.front().data, first.data);
  loop.close(f);
  loop.close(self);
}

// 0 when a file is read, and not into registered memory, where none may be locked but for the ring.
int read_where_nothing_is_locked() {
  // The queues of the ring are charged as well; a slab is as large as this.
  if (!lock_no_more_than(page_pool::slab_size)) return 1;
  temporary_directory files;
  std::string const text(4 * page_size, 'q');
  files.make_file("f", text);
  page_pool pool(4u << 20);
  io::options o;
  o.pool = &pool;
  error e = error::other;
  io::uring::proactor p(o, e);
  if (e != error::none) return 2;
  io::uring::proactor::directory root;
  p.open(root, files.root(), e);
  recorded<io::uring::proactor::open_operation> opened;
  p.open(root, opened.op, "f", file_mode::direct);
  while (!opened.op.idle()) p.run_once(wait::yes);
  if (opened.result() != error::none) return 3;
  io::uring::proactor::file f;
  p.adopt(f, opened.op);
  std::array<page*, 4> pages;
  std::array<mutable_span, 4> spans;
  for (std::size_t i = 0; i != pages.size(); ++i) {
    pages[i] = pool.acquire();
    spans[i] = {pages[i]->first(), page_size};
  }
  int outcome = 0;
  for (int round = 0; round != 2; ++round) {
    recorded<io::uring::proactor::read_operation> r;
    p.read(f, r.op, 0, spans);
    while (!r.op.idle()) p.run_once(wait::yes);
    if (r.result() != error::none || r.transferred() != text.size()) outcome = 4;
    for (mutable_span const& s : spans) {
      if (std::string_view(s.data, s.size) != std::string_view(text).substr(0, page_size)) {
        outcome = 5 + round;
      }
    }
    replace_memory(spans.back());  // So that the second round tells where the bytes go.
  }
  for (page* const q : pages) pool.release(q);
  p.close(f);
  p.close(root);
  return outcome;
}

TEST_F(uring_reads, where_no_memory_may_be_locked_files_are_read_as_ever) {
  // This process has threads, so the other one begins anew.
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_EXIT(std::_Exit(read_where_nothing_is_locked()), ::testing::ExitedWithCode(0), "");
}

}  // namespace
}  // namespace quire::test
