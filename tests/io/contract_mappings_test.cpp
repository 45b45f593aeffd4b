// The contract: files as memory. Clauses 6, 10, 16, 18, 21, 22.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/contract_fixture.hpp"

#include <cstdint>
#include <limits>
#include <stdexcept>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
class contract_mappings : public contract<BackEnd> {
 protected:
  using mapping = typename contract<BackEnd>::proactor::mapping;
  using file = typename contract<BackEnd>::proactor::file;
  using resident_op = typename contract<BackEnd>::resident_op;

  contract_mappings() : contract_mappings(io::options{}) {}
  explicit contract_mappings(io::options o) : contract<BackEnd>(o) { this->open_root(); }

  // Maps a file and closes it: the mapping is what stays (clause 22).
  void map(mapping& m, std::string_view path) {
    file f;
    this->open_file(f, path);
    ASSERT_EQ(this->loop.map(m, f), error::none);
    this->loop.close(f);
  }

  error make_resident(mapping& m, std::uint64_t offset, std::uint64_t length) {
    resident_op r;
    this->loop.make_resident(m, r.op, offset, length);
    EXPECT_EQ(r.completions, 0);  // Clause 2.
    this->run_until_done(r);
    EXPECT_EQ(r.completions, 1);
    EXPECT_TRUE(r.idle_at_completion);
    return r.result();
  }

  static std::string_view text_of(mapping const& m) { return {m.bytes().data, m.bytes().size}; }

  // A mapping of a file that has lost all that it had, where the system lets it.
  void map_what_is_lost(mapping& m, std::string const& text) {
    this->files.make_file("lost", text);
    map(m, "lost");
    if (files_shrink) this->files.make_file("lost", "");
  }
  static constexpr bool files_shrink = BackEnd::world::mapped_files_shrink;
  static constexpr error if_lost = files_shrink ? error::truncated : error::none;
};
TYPED_TEST_SUITE(contract_mappings, back_ends_and_file_systems, back_end_name);

TYPED_TEST(contract_mappings, contract_21_what_is_resident_is_the_file) {
  for (std::size_t const size : {1u, 4095u, 4096u, 4097u, 300000u, (10u << 20) + 7u}) {
    std::string const text = this->pattern(size);
    this->files.make_cold_file("f", text);
    typename TestFixture::mapping m;
    this->map(m, "f");
    EXPECT_EQ(m.bytes().size, size);
    EXPECT_EQ(this->make_resident(m, size - 1, 1), error::none);  // Cold,
    EXPECT_EQ(this->make_resident(m, 0, size), error::none);
    EXPECT_EQ(this->make_resident(m, 0, size), error::none);  // and hot.
    EXPECT_EQ(this->make_resident(m, size / 2, size - size / 2), error::none);
    EXPECT_TRUE(this->text_of(m) == text);
    this->loop.close(m);
  }
}

TYPED_TEST(contract_mappings, contract_21_a_range_lies_within_the_mapping) {
  this->files.make_file("f", this->pattern(10000));
  typename TestFixture::mapping m;
  this->map(m, "f");
  EXPECT_EQ(this->make_resident(m, 0, 0), error::none);
  EXPECT_EQ(this->make_resident(m, 10000, 0), error::none);
  EXPECT_EQ(this->make_resident(m, 0, 10001), error::invalid_argument);
  EXPECT_EQ(this->make_resident(m, 10000, 1), error::invalid_argument);
  EXPECT_EQ(this->make_resident(m, 10001, 0), error::invalid_argument);
  EXPECT_EQ(this->make_resident(m, 5000, std::numeric_limits<std::uint64_t>::max()),
            error::invalid_argument);
  EXPECT_EQ(this->make_resident(m, std::numeric_limits<std::uint64_t>::max(), 2),
            error::invalid_argument);
  this->loop.close(m);
}

TYPED_TEST(contract_mappings, contract_21_a_file_that_became_shorter_is_an_error_and_no_signal) {
  for (std::size_t const size : {page_size + 1, std::size_t{300000}, std::size_t{10} << 20}) {
    this->files.make_file("f", this->pattern(size));
    typename TestFixture::mapping m;
    this->map(m, "f");
    if (!TestFixture::files_shrink) {
      EXPECT_THROW(this->files.make_file("f", this->pattern(100)), std::runtime_error);
      EXPECT_EQ(this->make_resident(m, 0, size), error::none);
      this->loop.close(m);
      continue;
    }
    this->files.make_file("f", this->pattern(100));
    EXPECT_EQ(this->make_resident(m, 0, size), error::truncated);
    EXPECT_EQ(this->make_resident(m, size - 1, 1), error::truncated);
    EXPECT_EQ(this->make_resident(m, page_size, 1), error::truncated);
    // The first page is there; what the file lost of it is zero.
    EXPECT_EQ(this->make_resident(m, 0, page_size), error::none);
    EXPECT_EQ(this->text_of(m).substr(0, 100), this->pattern(100));
    EXPECT_EQ(this->text_of(m).substr(100, page_size - 100), std::string(page_size - 100, '\0'));
    this->files.make_file("f", "");
    EXPECT_EQ(this->make_resident(m, 0, 1), error::truncated);
    this->loop.close(m);
  }
}

TYPED_TEST(contract_mappings, contract_22_a_mapping_shows_what_the_file_becomes) {
  this->files.make_file("f", std::string(10000, 'a'));
  typename TestFixture::mapping m;
  this->map(m, "f");
  EXPECT_EQ(this->make_resident(m, 0, 10000), error::none);
  EXPECT_TRUE(this->text_of(m) == std::string(10000, 'a'));
  this->files.overwrite_file("f", std::string(20000, 'b'));
  EXPECT_EQ(this->make_resident(m, 0, 10000), error::none);
  EXPECT_TRUE(this->text_of(m) == std::string(10000, 'b'));
  this->loop.close(m);
}

TYPED_TEST(contract_mappings, contract_22_an_empty_file_is_an_empty_mapping) {
  this->files.make_file("f", "");
  typename TestFixture::mapping m;
  this->map(m, "f");
  EXPECT_TRUE(m.is_open());
  EXPECT_EQ(m.bytes().size, 0u);
  EXPECT_EQ(this->make_resident(m, 0, 0), error::none);
  EXPECT_EQ(this->make_resident(m, 0, 1), error::invalid_argument);
  this->loop.close(m);
  EXPECT_FALSE(m.is_open());
}

TYPED_TEST(contract_mappings, contract_22_a_directory_is_no_memory) {
  this->files.make_directory("d");
  typename TestFixture::file f;
  this->open_file(f, "d");
  typename TestFixture::mapping m;
  EXPECT_EQ(this->loop.map(m, f), error::is_a_directory);
  EXPECT_FALSE(m.is_open());
  this->loop.close(f);
}

TYPED_TEST(contract_mappings, contract_22_a_file_of_any_mode_can_be_mapped) {
  std::string const text = this->pattern(5000);
  this->files.make_file("f", text);
  for (io::file_mode const mode : {io::file_mode::direct, io::file_mode::uncached}) {
    typename TestFixture::file f;
    this->open_file(f, "f", mode);
    typename TestFixture::mapping m;
    ASSERT_EQ(this->loop.map(m, f), error::none);
    EXPECT_EQ(this->make_resident(m, 0, 5000), error::none);
    EXPECT_TRUE(this->text_of(m) == text);
    this->loop.close(m);
    this->loop.close(f);
  }
}

template <class BackEnd>
class contract_mappings_limited : public contract_mappings<BackEnd> {
 protected:
  contract_mappings_limited() : contract_mappings<BackEnd>(limits()) {}
  static io::options limits() {
    io::options o;
    o.blocking_threads = 2;
    o.blocking_calls_max = 3;
    return o;
  }
};
TYPED_TEST_SUITE(contract_mappings_limited, back_ends, back_end_name);

// More ranges than there are tickets, each of which has to be waited for or to fail; some are
// cancelled. All complete, and the loop takes part in none.
TYPED_TEST(contract_mappings_limited, contract_18_faults_beyond_the_limit_queue) {
  constexpr std::size_t count = 300;
  std::string const text = this->pattern(count * page_size);
  this->files.make_cold_file("f", text);
  typename TestFixture::mapping m;
  this->map(m, "f");
  typename TestFixture::mapping cut;
  this->map_what_is_lost(cut, text);
  std::vector<typename TestFixture::resident_op> ops(2 * count);
  for (std::size_t i = 0; i != count; ++i) {
    this->loop.make_resident(m, ops[2 * i].op, i * page_size, page_size);
    this->loop.make_resident(cut, ops[2 * i + 1].op, i * page_size, page_size);
  }
  for (std::size_t i = 0; i < ops.size(); i += 10) this->loop.cancel(ops[i].op);
  for (std::size_t i = 0; i != ops.size(); ++i) {
    this->run_until_done(ops[i]);
    EXPECT_EQ(ops[i].completions, 1);
    bool const canceled = i % 10 == 0 && ops[i].result() == error::canceled;
    if (!canceled) {
      EXPECT_EQ(ops[i].result(), i % 2 == 0 ? error::none : TestFixture::if_lost);
    }
  }
  EXPECT_TRUE(this->text_of(m) == text);
  this->loop.close(m);
  this->loop.close(cut);
}

TYPED_TEST(contract_mappings_limited, contract_16_faults_allocate_nothing) {
  this->files.make_file("f", this->pattern(100000));
  typename TestFixture::mapping m;
  this->map(m, "f");
  typename TestFixture::mapping cut;
  this->map_what_is_lost(cut, this->pattern(100000));
  typename TestFixture::resident_op hot, cold;
  auto const round = [&] {
    this->loop.make_resident(m, hot.op, 0, 100000);
    this->loop.make_resident(cut, cold.op, 0, 100000);
    this->run_until([&] { return hot.op.idle() && cold.op.idle(); });
  };
  round();
  std::size_t const before = allocations();
  for (int i = 0; i != 100; ++i) round();
  EXPECT_EQ(allocations(), before);
  EXPECT_EQ(hot.result(), error::none);
  EXPECT_EQ(cold.result(), TestFixture::if_lost);
  this->loop.close(m);
  this->loop.close(cut);
}

}  // namespace
}  // namespace quire::test
