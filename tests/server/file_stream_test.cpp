// The stream of a large file, over every back end and in every mode.
#include "tests/io/contract_fixture.hpp"

#include <quire/server/file_loader.hpp>
#include <quire/server/file_stream.hpp>

#include <string>
#include <string_view>

namespace quire::test {
namespace {

using io::file_mode;

constexpr std::size_t chunk_size = 32 * page_pool::page_size;

template <class BackEnd>
class file_stream : public contract<BackEnd> {
 protected:
  using proactor = typename contract<BackEnd>::proactor;
  using representation = server::representation<proactor>;

  static_assert(chunk_size == server::file_stream<proactor>::chunk_pages * page_pool::page_size);

  file_stream() { this->open_root(); }
  ~file_stream() override {
    stream.stop();
    if (entry != nullptr) services.cache.release(*entry);
  }

  // What a connection has of a file: opened, known by its status.
  void open(std::string_view content, file_mode mode) {
    this->files.make_cold_file("f", content);
    entry = new representation;
    services.cache.retain(*entry);
    this->open_file(entry->file, "f", mode);
    ASSERT_EQ(this->loop.status(entry->file, entry->status), error::none);
    entry->last_seen = entry->status;
  }
  void close() { services.cache.release(*std::exchange(entry, nullptr)); }
  void start(std::uint64_t offset, std::uint64_t length) {
    stream.template start<&file_stream::on_progress>(this, *entry, offset, length);
  }
  void on_progress() noexcept { ++chunks; }
  void wait_for_chunk() {
    this->run_until([&] { return stream.idle(); });
  }

  std::string text_of_output() {
    std::string text;
    for (const_span const& s : out.unsent()) text.append(s.data, s.size);
    return text;
  }
  // As the connection does when its send has completed.
  void all_is_sent() {
    out.clear();
    stream.sent();
  }

  // Everything, chunk after chunk.
  std::string stream_all(std::uint64_t offset, std::uint64_t length) {
    std::string text;
    start(offset, length);
    for (;;) {
      wait_for_chunk();
      if (stream.failed()) break;
      stream.send_into(out);
      text += text_of_output();
      EXPECT_EQ(stream.taken(), text.size());
      all_is_sent();
      if (stream.finished()) break;
    }
    this->run_until([&] { return stream.idle(); });
    stream.stop();
    return text;
  }

  server::settings settings;
  server::services<proactor> services{this->loop, this->pool, settings, 1, nullptr};
  representation* entry = nullptr;
  server::output out{this->pool};
  server::file_stream<proactor> stream{services};
  int chunks = 0;
};
TYPED_TEST_SUITE(file_stream, back_ends_and_file_systems, back_end_name);

TYPED_TEST(file_stream, reads_the_next_chunk_while_the_last_one_is_being_sent) {
  for (file_mode const mode : {file_mode::buffered, file_mode::uncached, file_mode::direct}) {
    std::string const text = this->pattern(3 * chunk_size);
    this->open(text, mode);
    std::size_t const held = this->pool.in_use();
    this->start(0, text.size());
    EXPECT_FALSE(this->stream.idle());
    this->wait_for_chunk();
    ASSERT_TRUE(this->stream.ready());
    this->stream.send_into(this->out);
    // The first chunk is in the output, the second is under way,
    EXPECT_EQ(this->stream.taken(), chunk_size);
    EXPECT_FALSE(this->stream.idle());
    this->wait_for_chunk();
    // and comes while the first is still there.
    EXPECT_TRUE(this->stream.ready());
    EXPECT_TRUE(this->text_of_output() == text.substr(0, chunk_size));
    EXPECT_GE(this->pool.in_use() - held, 2 * chunk_size / page_pool::page_size);
    this->all_is_sent();
    this->stream.send_into(this->out);
    EXPECT_TRUE(this->text_of_output() == text.substr(chunk_size, chunk_size));
    EXPECT_FALSE(this->stream.idle());
    this->wait_for_chunk();
    this->all_is_sent();
    this->stream.send_into(this->out);
    EXPECT_TRUE(this->text_of_output() == text.substr(2 * chunk_size));
    EXPECT_TRUE(this->stream.idle()) << "nothing is left to be read";
    this->all_is_sent();
    EXPECT_TRUE(this->stream.finished());
    this->stream.stop();
    EXPECT_EQ(this->pool.in_use(), held);
    this->close();
  }
}

TYPED_TEST(file_stream, every_range_is_what_the_file_has_there) {
  std::string const text = this->pattern(2 * chunk_size + 700);
  for (file_mode const mode : {file_mode::buffered, file_mode::uncached, file_mode::direct}) {
    this->open(text, mode);
    std::size_t const held = this->pool.in_use();
    for (std::size_t const offset :
         {std::size_t{0}, std::size_t{1}, std::size_t{511}, std::size_t{512}, std::size_t{4095},
          std::size_t{4097}, chunk_size - 1, text.size() - 701, text.size() - 1}) {
      std::size_t const left = text.size() - offset;
      for (std::size_t const length : {std::size_t{1}, std::size_t{512}, std::size_t{4096},
                                       chunk_size, chunk_size + 1, left}) {
        if (length > left) continue;
        EXPECT_TRUE(this->stream_all(offset, length) == text.substr(offset, length))
            << offset << ' ' << length << ' ' << io::name(mode);
        EXPECT_FALSE(this->stream.failed());
      }
    }
    EXPECT_EQ(this->pool.in_use(), held);
    this->close();
  }
}

TYPED_TEST(file_stream, fails_when_the_file_is_another_one_by_now) {
  std::string const text = this->pattern(3 * chunk_size);
  for (file_mode const mode : {file_mode::buffered, file_mode::uncached, file_mode::direct}) {
    for (std::size_t const size : {std::size_t{10}, chunk_size + 5, 4 * chunk_size}) {
      this->open(text, mode);
      this->files.make_file("f", std::string(size, 'x'));
      EXPECT_EQ(this->stream_all(chunk_size - 100, chunk_size), "");
      EXPECT_TRUE(this->stream.failed());
      this->close();
    }
  }
}

// What takes its place is another file, and a name less tells nothing of its content.
TYPED_TEST(file_stream, goes_on_to_the_end_of_a_file_that_was_replaced_or_removed) {
  if (!TypeParam::world::open_files_lose_names) GTEST_SKIP() << "an open file keeps its name here";
  std::string const text = this->pattern(3 * chunk_size);
  for (file_mode const mode : {file_mode::buffered, file_mode::uncached, file_mode::direct}) {
    for (bool const replaced : {true, false}) {
      this->open(text, mode);
      if (replaced) {
        this->files.replace_file("f", std::string(text.size(), 'x'));
      } else {
        this->files.remove("f");
      }
      EXPECT_TRUE(this->stream_all(5, text.size() - 5) == text.substr(5))
          << replaced << ' ' << io::name(mode);
      EXPECT_FALSE(this->stream.failed());
      this->close();
    }
  }
}

TYPED_TEST(file_stream, fails_when_the_file_was_written_to_though_its_time_was_set_back) {
  std::string const text = this->pattern(3 * chunk_size);
  this->open(text, file_mode::buffered);
  this->files.rewrite_unseen("f", std::string(text.size(), 'x'));
  EXPECT_EQ(this->stream_all(0, text.size()), "");
  EXPECT_TRUE(this->stream.failed());
  this->close();
}

TYPED_TEST(file_stream, fails_when_the_file_is_written_to_after_it_was_replaced) {
  if (!TypeParam::world::open_files_lose_names) GTEST_SKIP() << "an open file keeps its name here";
  std::string const text = this->pattern(3 * chunk_size);
  this->open(text, file_mode::buffered);
  auto write = this->files.keep_open("f");
  this->files.replace_file("f", "another");
  this->start(0, text.size());
  this->wait_for_chunk();
  ASSERT_TRUE(this->stream.ready());
  write(std::string(text.size(), 'x'));
  this->stream.send_into(this->out);
  EXPECT_TRUE(this->text_of_output() == text.substr(0, chunk_size));
  this->wait_for_chunk();
  EXPECT_TRUE(this->stream.failed());
  this->stream.stop();
  this->all_is_sent();
  this->close();
}

}  // namespace
}  // namespace quire::test
