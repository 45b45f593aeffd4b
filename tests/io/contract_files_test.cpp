// The contract: clauses about files. 9, 10, 12, 17, 18, 23.
#include "tests/io/contract_fixture.hpp"

#include <array>
#include <memory>
#include <vector>

namespace quire::test {
namespace {

template <class BackEnd>
class contract_files : public contract<BackEnd> {
 protected:
  contract_files() : contract_files(io::options{}) {}
  explicit contract_files(io::options o) : contract<BackEnd>(o) { this->open_root(); }

  // Reads into spans of `span_size`; the text, or the error's name.
  std::string read(typename contract<BackEnd>::proactor::file& f, std::uint64_t offset,
                   std::size_t size, std::size_t span_size = 4096) {
    std::string text(size, '\0');
    std::vector<mutable_span> spans;
    for (std::size_t i = 0; i < size; i += span_size) {
      spans.push_back({text.data() + i, std::min(span_size, size - i)});
    }
    typename contract<BackEnd>::read_op r;
    this->loop.read(f, r.op, offset, spans);
    this->run_until_done(r);
    EXPECT_EQ(r.result(), error::none);
    text.resize(r.transferred());
    return text;
  }
};
TYPED_TEST_SUITE(contract_files, back_ends, back_end_name);

TYPED_TEST(contract_files, contract_09_a_read_is_short_only_at_the_end_of_the_file) {
  std::string const text = this->pattern(100000);
  this->files.make_file("f", text);
  typename TestFixture::proactor::file f;
  this->open_file(f, "f");
  EXPECT_EQ(this->read(f, 0, text.size()), text);
  EXPECT_EQ(this->read(f, 0, 2 * text.size()), text);
  EXPECT_EQ(this->read(f, 0, text.size(), 100), text);  // A thousand spans.
  EXPECT_EQ(this->read(f, 99990, 4096), text.substr(99990));
  EXPECT_EQ(this->read(f, 12345, 3), text.substr(12345, 3));
  EXPECT_EQ(this->read(f, text.size(), 10), "");
  EXPECT_EQ(this->read(f, text.size() + 1000, 10), "");
  EXPECT_EQ(this->read(f, 0, 0), "");
  this->loop.close(f);
}

TYPED_TEST(contract_files, contract_18_directories_open_without_waiting_and_know_themselves) {
  this->files.make_directory("d");
  std::string const top = this->files.root();
  std::string const below = top.empty() ? "d" : top + "/d";
  typename TestFixture::proactor::directory again;
  typename TestFixture::proactor::directory other;
  recorded<typename TestFixture::proactor::directory_operation> opened;
  auto const open = [&](typename TestFixture::proactor::directory& d, std::string_view path) {
    this->loop.open(d, opened.op, path);
    this->run_until_done(opened);
    return opened.result();
  };
  EXPECT_EQ(open(again, top), error::none);
  EXPECT_TRUE(this->root.same_as(again));
  EXPECT_EQ(open(other, below), error::none);
  EXPECT_FALSE(this->root.same_as(other));
  this->loop.close(again);
  this->loop.close(other);
  this->files.make_file("f", "text");
  EXPECT_EQ(open(other, below + "/absent"), error::not_found);
  EXPECT_EQ(open(other, below.substr(0, below.size() - 1) + "f"), error::not_a_directory);
  EXPECT_FALSE(other.is_open());
}

TYPED_TEST(contract_files, contract_09_reads_of_one_file_may_overlap) {
  std::string const text = this->pattern(1 << 20);
  this->files.make_file("f", text);
  typename TestFixture::proactor::file f;
  this->open_file(f, "f");
  std::array<typename TestFixture::read_op, 16> reads;
  std::vector<std::string> parts(reads.size(), std::string(65536, '\0'));
  std::array<mutable_span, 16> spans;
  for (std::size_t i = 0; i != reads.size(); ++i) {
    spans[i] = {parts[i].data(), parts[i].size()};
    this->loop.read(f, reads[i].op, i * 65536, {&spans[i], 1});
  }
  std::string got;
  for (std::size_t i = 0; i != reads.size(); ++i) {
    this->run_until_done(reads[i]);
    EXPECT_EQ(reads[i].transferred(), 65536u);
    got += parts[i];
  }
  EXPECT_TRUE(got == text);
  this->loop.close(f);
}

TYPED_TEST(contract_files, contract_09_status_tells_size_type_and_change) {
  this->files.make_file("f", "12345");
  this->files.make_directory("d");
  io::file_status s;
  ASSERT_EQ(this->try_open("f", &s), error::none);
  EXPECT_EQ(s.size, 5u);
  EXPECT_EQ(s.type, io::file_type::regular);
  EXPECT_GT(s.modified_ns, 0);
  typename TestFixture::proactor::file f;
  this->open_file(f, "f");
  io::file_status same;
  ASSERT_EQ(this->loop.status(f, same), error::none);
  EXPECT_EQ(s, same);
  this->files.make_file("f", "1234567");
  ASSERT_EQ(this->loop.status(f, same), error::none);
  EXPECT_EQ(same.size, 7u);
  EXPECT_EQ(same.inode, s.inode);
  EXPECT_EQ(same.links, 1u);
  // Whoever has it open is told that it has no name any more.
  if (TypeParam::world::open_files_lose_names) {
    this->files.remove("f");
    io::file_status removed;
    ASSERT_EQ(this->loop.status(f, removed), error::none);
    EXPECT_EQ(removed.links, 0u);
    EXPECT_EQ(removed.size, same.size);
    EXPECT_EQ(removed.modified_ns, same.modified_ns);
  }
  this->loop.close(f);
  ASSERT_EQ(this->try_open("d", &s), error::none);
  EXPECT_EQ(s.type, io::file_type::directory);
}

TYPED_TEST(contract_files, contract_10_cancel_of_an_open_owns_nothing_or_a_file) {
  this->files.make_file("f", "text");
  for (char const* const path : {"f", "missing", "../f"}) {
    for (int turns = 0; turns != 3; ++turns) {
      typename TestFixture::open_op opened;
      this->loop.open(this->root, opened.op, path);
      this->turn(turns);
      this->loop.cancel(opened.op);
      this->loop.cancel(opened.op);
      this->run_until_done(opened);
      this->turn();
      EXPECT_EQ(opened.completions, 1);
      if (opened.result() == error::none) this->loop.discard(opened.op);
    }
  }
}

TYPED_TEST(contract_files, contract_10_cancel_of_many_reads) {
  this->files.make_file("f", this->pattern(1 << 20));
  typename TestFixture::proactor::file f;
  this->open_file(f, "f");
  std::vector<typename TestFixture::read_op> reads(200);
  std::vector<char> memory(4096);
  mutable_span const span{memory.data(), memory.size()};
  for (auto& r : reads) this->loop.read(f, r.op, 0, {&span, 1});
  for (std::size_t i = 0; i < reads.size(); i += 2) this->loop.cancel(reads[i].op);
  for (auto& r : reads) this->run_until_done(r);
  for (auto& r : reads) {
    EXPECT_EQ(r.completions, 1);
    EXPECT_TRUE(r.result() == error::none || r.result() == error::canceled);
  }
  this->loop.close(f);
}

TYPED_TEST(contract_files, contract_12_why_a_file_does_not_open) {
  this->files.make_file("f", "text");
  this->files.make_directory("d");
  EXPECT_EQ(this->try_open("missing"), error::not_found);
  EXPECT_EQ(this->try_open("d/missing"), error::not_found);
  EXPECT_EQ(this->try_open(""), error::not_found);
  EXPECT_EQ(this->try_open("f/x"), error::not_a_directory);
  EXPECT_EQ(this->try_open("f/"), error::not_a_directory);
  EXPECT_EQ(this->try_open(std::string(300, 'x')), error::name_too_long);
  EXPECT_EQ(this->try_open(std::string(5000, 'x')), error::name_too_long);
  EXPECT_EQ(this->try_open(std::string_view("f\0x", 3)), error::not_found);
}

TYPED_TEST(contract_files, contract_12_why_a_directory_does_not_open) {
  typename TestFixture::proactor::directory d;
  error e = error::none;
  this->loop.open(d, this->files.root() + "/missing", e);
  EXPECT_EQ(e, error::not_found);
  this->files.make_file("f", "text");
  this->loop.open(d, this->files.root() + "/f", e);
  EXPECT_EQ(e, error::not_a_directory);
  EXPECT_FALSE(d.is_open());
}

TYPED_TEST(contract_files, contract_17_no_spelling_of_a_path_leads_out) {
  this->files.make_directory("d/e");
  this->files.make_file("d/f", "text");
  for (char const* const path :
       {"..", "../", "../root", "../root/d/f", "d/../..", "d/../../root/d/f", "d/e/../../../x", "/",
        "/etc/passwd", "//etc/passwd", "./..", "d/./../.."}) {
    EXPECT_EQ(this->try_open(path), error::outside_root) << path;
  }
  for (char const* const path : {"d/f", "./d/f", "d//f", "d/./f", "d/e/../f", "d/../d/f"}) {
    EXPECT_EQ(this->try_open(path), error::none) << path;
  }
}

template <class BackEnd>
using contract_links = contract_files<BackEnd>;
TYPED_TEST_SUITE(contract_links, back_ends_with_links, back_end_name);

TYPED_TEST(contract_links, contract_17_no_symbolic_link_leads_out) {
  this->files.make_directory("d/e");
  this->files.make_file("d/f", "text");
  this->files.make_link("absolute", "/etc/passwd");
  this->files.make_link("up", "..");
  this->files.make_link("d/up", "../..");
  this->files.make_link("d/e/far", "../../../root/d/f");
  this->files.make_link("circle", "circle");
  this->files.make_link("dangling", "missing");
  this->files.make_link("inside", "d/f");
  this->files.make_link("d/e/inside", "../f");
  this->files.make_link("directory", "d");
  EXPECT_EQ(this->try_open("absolute"), error::outside_root);
  EXPECT_EQ(this->try_open("up"), error::outside_root);
  EXPECT_EQ(this->try_open("up/root/d/f"), error::outside_root);
  EXPECT_EQ(this->try_open("d/up"), error::outside_root);
  EXPECT_EQ(this->try_open("d/e/far"), error::outside_root);
  EXPECT_EQ(this->try_open("circle"), error::too_many_links);
  EXPECT_EQ(this->try_open("dangling"), error::not_found);
  EXPECT_EQ(this->try_open("inside"), error::none);
  EXPECT_EQ(this->try_open("d/e/inside"), error::none);
  EXPECT_EQ(this->try_open("directory/f"), error::none);
}

TYPED_TEST(contract_files, contract_17_what_is_no_file_is_refused_without_waiting) {
  for (std::string const& path : this->files.make_irregular()) {
    EXPECT_EQ(this->try_open(path), TypeParam::world::irregular) << path;
  }
}

TYPED_TEST(contract_files, contract_17_reading_a_directory_is_an_error) {
  this->files.make_directory("d");
  typename TestFixture::proactor::file f;
  this->open_file(f, "d");
  std::array<char, 10> memory;
  mutable_span const span{memory.data(), memory.size()};
  typename TestFixture::read_op r;
  this->loop.read(f, r.op, 0, {&span, 1});
  this->run_until_done(r);
  EXPECT_EQ(r.result(), error::is_a_directory);
  this->loop.close(f);
}

TYPED_TEST(contract_files, contract_23_a_write_in_progress_is_awaited) {
  std::size_t const size = 64u << 20;
  this->files.make_file("f", std::string(size, 'a'));
  typename TestFixture::proactor::file f;
  this->open_file(f, "f");
  for (char const c : {'b', 'c', 'd'}) {
    this->files.begin_slow_write("f", std::string(size, c));
    typename TestFixture::open_op awaited;
    this->loop.await_writers(f, awaited.op);
    EXPECT_FALSE(awaited.done());
    this->turn();
    this->files.let_slow_write_end();
    this->run_until_done(awaited);
    EXPECT_EQ(awaited.completions, 1);
    EXPECT_EQ(awaited.result(), error::none);
    EXPECT_EQ(this->read(f, size - 10, 10), std::string(10, c));
  }
  this->loop.close(f);
}

TYPED_TEST(contract_files, contract_23_without_a_writer_nothing_is_waited_for) {
  typename TestFixture::proactor::file f;
  for (std::string_view const content : {"", "text"}) {
    this->files.make_file("f", content);
    this->open_file(f, "f");
    for (bool const cancels : {false, true}) {
      typename TestFixture::open_op awaited;
      this->loop.await_writers(f, awaited.op);
      if (cancels) this->loop.cancel(awaited.op);
      this->run_until_done(awaited);
      EXPECT_EQ(awaited.completions, 1);
      EXPECT_TRUE(awaited.result() == error::none ||
                  (cancels && awaited.result() == error::canceled));
    }
    this->loop.close(f);
  }
}

template <class BackEnd>
class contract_limited : public contract_files<BackEnd> {
 protected:
  contract_limited() : contract_files<BackEnd>(limits()) {}
  static io::options limits() {
    io::options o;
    o.blocking_threads = 2;
    o.blocking_calls_max = 3;
    return o;
  }
};
TYPED_TEST_SUITE(contract_limited, back_ends, back_end_name);

// More calls that could wait than there are tickets: they queue, and all complete.
TYPED_TEST(contract_limited, contract_18_calls_beyond_the_limit_queue) {
  this->files.make_file("f", "text");
  std::vector<typename TestFixture::open_op> opens(300);
  std::vector<std::string> paths;
  for (std::size_t i = 0; i != opens.size(); ++i) {
    paths.push_back(i % 3 == 0 ? "f" : "missing" + std::to_string(i));
  }
  for (std::size_t i = 0; i != opens.size(); ++i) {
    this->loop.open(this->root, opens[i].op, paths[i]);
  }
  for (std::size_t i = 0; i < opens.size(); i += 10) this->loop.cancel(opens[i].op);
  for (std::size_t i = 0; i != opens.size(); ++i) {
    this->run_until_done(opens[i]);
    EXPECT_EQ(opens[i].completions, 1);
    if (opens[i].result() == error::none) {
      this->loop.discard(opens[i].op);
    } else if (opens[i].result() != error::canceled) {
      EXPECT_EQ(opens[i].result(), error::not_found);
    }
  }
}

}  // namespace
}  // namespace quire::test
