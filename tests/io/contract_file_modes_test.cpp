// The contract: how files are read. Clauses 10, 16, 19, 20.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/contract_fixture.hpp"

#include <algorithm>
#include <array>
#include <vector>

namespace quire::test {
namespace {

using io::file_mode;

constexpr std::array all_modes = {file_mode::buffered, file_mode::uncached, file_mode::direct};
template <class BackEnd>
class contract_file_modes : public contract<BackEnd> {
 protected:
  using file = typename contract<BackEnd>::proactor::file;
  using read_op = typename contract<BackEnd>::read_op;

  contract_file_modes() { this->open_root(); }
  ~contract_file_modes() override { this->release(pages); }

  // Memory as programs have it: pages of the pool. It is filled, so that what a read leaves alone
  // can be told.
  std::vector<mutable_span> spans_of(std::size_t count) {
    this->release(pages);
    std::vector<mutable_span> spans;
    for (std::size_t i = 0; i != count; ++i) {
      page* const p = this->pool.acquire();
      pages.push(p);
      std::fill_n(p->write_position(), page_size, '#');
      spans.push_back({p->write_position(), page_size});
    }
    return spans;
  }

  // Whole pages from `offset` on; what came.
  std::string read_pages(file& f, std::uint64_t offset, std::size_t count) {
    std::vector<mutable_span> const spans = spans_of(count);
    read_op r;
    this->loop.read(f, r.op, offset, spans);
    this->run_until_done(r);
    EXPECT_EQ(r.result(), error::none) << io::name(r.result());
    std::string text;
    for (mutable_span const& s : spans) text.append(s.data, s.size);
    text.resize(r.transferred());
    return text;
  }

  // All of a file, as one who knows nothing of its size.
  std::string read_to_end(file& f, std::size_t pages_at_once) {
    std::string text;
    for (;;) {
      std::string const piece = read_pages(f, text.size(), pages_at_once);
      text += piece;
      if (piece.size() < pages_at_once * page_size) return text;
    }
  }

  error result_of_read(file& f, std::uint64_t offset, mutable_span span) {
    read_op r;
    this->loop.read(f, r.op, offset, {&span, 1});
    this->run_until_done(r);
    EXPECT_EQ(r.completions, 1);
    return r.result();
  }

  buffer pages;
};
TYPED_TEST_SUITE(contract_file_modes, back_ends_and_file_systems, back_end_name);

TYPED_TEST(contract_file_modes, contract_19_a_file_says_in_which_mode_it_is_read) {
  this->files.make_file("f", this->pattern(10000));
  for (file_mode const asked : all_modes) {
    typename TestFixture::file f;
    this->open_file(f, "f", asked);
    EXPECT_TRUE(f.mode() == asked || f.mode() == file_mode::buffered);
    std::size_t const alignment = f.alignment();
    EXPECT_EQ(alignment & (alignment - 1), 0u);
    EXPECT_LE(alignment, page_size);
    if (f.mode() == file_mode::direct) {
      EXPECT_GT(alignment, 1u);
    } else {
      EXPECT_EQ(alignment, 1u);
    }
    EXPECT_EQ(this->read_pages(f, 0, 3), this->pattern(10000));
    EXPECT_TRUE(f.mode() == asked || f.mode() == file_mode::buffered);
    EXPECT_TRUE(f.alignment() == alignment || f.mode() == file_mode::buffered);
    this->loop.close(f);
  }
}

TYPED_TEST(contract_file_modes, contract_19_without_asking_a_file_is_buffered) {
  this->files.make_file("f", "text");
  this->files.make_directory("d");
  typename TestFixture::file f;
  this->open_file(f, "f");
  EXPECT_EQ(f.mode(), file_mode::buffered);
  this->loop.close(f);
  for (file_mode const asked : all_modes) {
    this->open_file(f, "d", asked);
    EXPECT_EQ(f.mode(), file_mode::buffered) << "a directory";
    EXPECT_EQ(f.alignment(), 1u);
    this->loop.close(f);
  }
}

TYPED_TEST(contract_file_modes, contract_19_every_mode_reads_the_same_bytes) {
  for (std::size_t const size :
       {0u, 1u, 511u, 512u, 513u, 4095u, 4096u, 4097u, 8192u, 65536u, (1u << 20) + 1u}) {
    std::string const text = this->pattern(size);
    for (file_mode const asked : all_modes) {
      this->files.make_cold_file("f", text);
      typename TestFixture::file f;
      this->open_file(f, "f", asked);
      for (std::size_t const count : {1u, 16u, 100u}) {  // Cold, then perhaps hot.
        EXPECT_TRUE(this->read_to_end(f, count) == text) << size << ' ' << io::name(asked);
      }
      this->loop.close(f);
    }
  }
}

TYPED_TEST(contract_file_modes, contract_19_reads_in_flight_survive_a_refusal) {
  std::string const text = this->pattern(64 * page_size);
  for (file_mode const asked : all_modes) {
    this->files.make_cold_file("f", text);
    typename TestFixture::file f;
    this->open_file(f, "f", asked);
    std::vector<typename TestFixture::read_op> reads(64);
    std::vector<mutable_span> const spans = this->spans_of(reads.size());
    for (std::size_t i = 0; i != reads.size(); ++i) {
      this->loop.read(f, reads[i].op, i * page_size, {&spans[i], 1});
    }
    for (std::size_t i = 0; i != reads.size(); ++i) {
      this->run_until_done(reads[i]);
      EXPECT_EQ(reads[i].result(), error::none);
      EXPECT_TRUE(std::string_view(spans[i].data, page_size) ==
                  std::string_view(text).substr(i * page_size, page_size));
    }
    this->loop.close(f);
  }
}

TYPED_TEST(contract_file_modes, contract_20_what_is_not_aligned_is_refused_and_reads_nothing) {
  this->files.make_file("f", this->pattern(3 * page_size));
  for (file_mode const asked : all_modes) {
    typename TestFixture::file f;
    this->open_file(f, "f", asked);
    char* const memory = this->spans_of(1).front().data;
    std::size_t const half = std::max<std::size_t>(f.alignment() / 2, 1);
    // Before each, whether the file is still direct.
    auto const expected = [&] {
      return f.mode() == file_mode::direct ? error::invalid_argument : error::none;
    };
    EXPECT_EQ(this->result_of_read(f, 1, {memory, page_size}), expected());
    EXPECT_EQ(this->result_of_read(f, half, {memory, page_size}), expected());
    EXPECT_EQ(this->result_of_read(f, 0, {memory, 100}), expected());
    EXPECT_EQ(this->result_of_read(f, 0, {memory, page_size - half}), expected());
    EXPECT_EQ(this->result_of_read(f, 0, {memory + 1, f.alignment()}), expected());
    EXPECT_EQ(this->result_of_read(f, 0, {memory + half, f.alignment()}), expected());
    if (f.mode() == file_mode::direct) {
      EXPECT_EQ(std::string_view(memory, page_size), std::string(page_size, '#'));
    }
    EXPECT_EQ(this->result_of_read(f, f.alignment(), {memory, f.alignment()}), error::none);
    this->loop.close(f);
  }
}

TYPED_TEST(contract_file_modes, contract_20_one_span_that_is_not_aligned_is_enough) {
  this->files.make_file("f", this->pattern(3 * page_size));
  typename TestFixture::file f;
  this->open_file(f, "f", file_mode::direct);
  std::vector<mutable_span> spans = this->spans_of(3);
  spans[1].size = 100;
  typename TestFixture::read_op r;
  bool const direct = f.mode() == file_mode::direct;
  this->loop.read(f, r.op, 0, spans);
  this->run_until_done(r);
  EXPECT_EQ(r.result(), direct ? error::invalid_argument : error::none);
  this->loop.close(f);
}

TYPED_TEST(contract_file_modes, contract_20_the_end_of_a_file_is_a_short_read) {
  for (file_mode const asked : all_modes) {
    for (std::size_t const size : {5u, 512u, 700u, 4096u, 4600u, 8192u, 8193u}) {
      std::string const text = this->pattern(size);
      this->files.make_file("f", text);
      typename TestFixture::file f;
      this->open_file(f, "f", asked);
      std::size_t const last = (size - 1) / page_size * page_size;
      EXPECT_EQ(this->read_pages(f, 0, 1), text.substr(0, page_size));
      file_mode const before = f.mode();  // Whatever refuses this mode has done so by now.
      EXPECT_EQ(this->read_pages(f, last, 1), text.substr(last));
      EXPECT_EQ(this->read_pages(f, last, 3), text.substr(last));
      EXPECT_EQ(this->read_pages(f, 0, 4), text);
      EXPECT_EQ(this->read_pages(f, 4 * page_size, 2), "");
      std::size_t const unit = std::max<std::size_t>(f.alignment(), 512);
      EXPECT_EQ(this->read_pages(f, (size - 1) / unit * unit, 1),
                text.substr((size - 1) / unit * unit));
      EXPECT_EQ(f.mode(), before);
      this->loop.close(f);
    }
  }
}

TYPED_TEST(contract_file_modes, contract_10_cancel_of_many_reads_in_every_mode) {
  for (file_mode const asked : all_modes) {
    this->files.make_cold_file("f", this->pattern(1 << 20));
    typename TestFixture::file f;
    this->open_file(f, "f", asked);
    std::vector<typename TestFixture::read_op> reads(200);
    std::vector<mutable_span> const spans = this->spans_of(reads.size());
    for (std::size_t i = 0; i != reads.size(); ++i) {
      this->loop.read(f, reads[i].op, i * page_size, {&spans[i], 1});
    }
    for (std::size_t i = 0; i < reads.size(); i += 2) this->loop.cancel(reads[i].op);
    for (auto& r : reads) {
      this->run_until_done(r);
      EXPECT_EQ(r.completions, 1);
      EXPECT_TRUE(r.result() == error::none || r.result() == error::canceled);
    }
    this->loop.close(f);
  }
}

TYPED_TEST(contract_file_modes, contract_16_no_mode_allocates_anything) {
  this->files.make_file("f", this->pattern(10000));
  std::vector<mutable_span> const spans = this->spans_of(3);
  typename TestFixture::open_op opened;
  typename TestFixture::read_op r;
  auto const round = [&](file_mode mode) {
    this->loop.open(this->root, opened.op, "f", mode);
    this->run_until([&] { return opened.op.idle(); });
    typename TestFixture::file f;
    this->loop.adopt(f, opened.op);
    this->loop.read(f, r.op, 0, spans);
    this->run_until([&] { return r.op.idle(); });
    this->loop.close(f);
    EXPECT_EQ(r.transferred(), 10000u);
  };
  for (file_mode const mode : all_modes) round(mode);
  std::size_t const before = allocations();
  for (int i = 0; i != 50; ++i) {
    for (file_mode const mode : all_modes) round(mode);
  }
  EXPECT_EQ(allocations(), before);
}

}  // namespace
}  // namespace quire::test
