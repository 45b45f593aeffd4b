// Copies of large files that are asked for again, over every back end.
#include "tests/io/contract_fixture.hpp"

#include <quire/server/file_loader.hpp>

#include <string>
#include <string_view>

namespace quire::test {
namespace {

constexpr std::size_t mebibyte = std::size_t{1} << 20;

template <class BackEnd>
class memory_filler : public contract<BackEnd> {
 protected:
  using proactor = typename contract<BackEnd>::proactor;
  using cache = server::file_cache<proactor>;
  using entry = typename cache::entry;
  using generation = server::representation<proactor>;

  memory_filler() { this->open_root(); }
  ~memory_filler() override { services.filler.stop(); }

  static server::settings with_cache(std::size_t size) {
    server::settings s;
    s.cache_size = size;
    return s;
  }

  // What the cache knows of a large file that was found.
  generation& find(std::string_view path, std::string_view content) {
    this->files.make_cold_file(path, content);
    entry& e = *services.cache.add(path);
    e.flight = reinterpret_cast<server::file_loader<proactor>*>(&e);  // Nobody calls it.
    auto* const g = new generation;
    services.cache.retain(*g);
    this->open_file(g->file, path);
    EXPECT_EQ(this->loop.status(g->file, g->status), error::none);
    services.cache.put(e, *g);
    services.cache.release(*g);
    e.flight = nullptr;
    return *g;
  }
  void use_twice(generation& g) {
    services.filler.used(g);
    EXPECT_TRUE(services.filler.idle());
    services.filler.used(g);
  }
  void run_until_idle() {
    this->run_until([&] { return services.filler.idle(); });
  }
  server::cache_queue queue_of(generation& g) { return g.known_as->queue; }

  // What is sent from the copy.
  std::string text_of_copy(generation& g) {
    this->connect();
    std::string text;
    typename TestFixture::send_op sent;
    while (text.size() != g.size()) {
      this->loop.send(this->server, sent.op, {}, g.memory, text.size(), g.size() - text.size());
      this->run_until_done(sent);
      EXPECT_EQ(sent.result(), error::none);
      if (sent.result() != error::none) break;
      text += this->receive_exactly(this->client, sent.transferred());
    }
    return text;
  }
  using TestFixture = memory_filler;

  server::settings settings = with_cache(8 * mebibyte);
  server::services<proactor> services{this->loop, this->pool, settings, 1, nullptr};
};
TYPED_TEST_SUITE(memory_filler, back_ends_and_file_systems, back_end_name);

TYPED_TEST(memory_filler, copies_what_is_asked_for_twice) {
  std::string const text = this->pattern(3 * mebibyte + 12345);
  auto& g = this->find("f", text);
  std::size_t const before = this->services.cache.bytes();
  this->services.filler.used(g);
  EXPECT_TRUE(this->services.filler.idle());
  EXPECT_EQ(this->services.cache.copies(), 0u);
  this->services.filler.used(g);
  EXPECT_FALSE(this->services.filler.idle());
  EXPECT_NE(g.copy, server::file_copy::made) << "while it is copied, it is read as before";
  // It counts from the beginning.
  EXPECT_GE(this->services.cache.bytes(), before + text.size());
  this->run_until_idle();
  EXPECT_EQ(g.copy, server::file_copy::made);
  EXPECT_EQ(this->services.cache.copies(), 1u);
  EXPECT_EQ(this->queue_of(g), server::cache_queue::main);
  EXPECT_TRUE(this->text_of_copy(g) == text);
  // Not again.
  this->services.filler.used(g);
  EXPECT_TRUE(this->services.filler.idle());
}

TYPED_TEST(memory_filler, makes_no_copy_of_a_file_that_changes_meanwhile) {
  std::string const text = this->pattern(2 * mebibyte);
  auto& g = this->find("f", text);
  std::size_t const before = this->services.cache.bytes();
  this->use_twice(g);
  this->files.overwrite_file("f", std::string(2 * mebibyte + 1, 'x'));
  this->run_until_idle();
  EXPECT_NE(g.copy, server::file_copy::made);
  EXPECT_EQ(this->services.cache.copies(), 0u);
  EXPECT_EQ(this->services.cache.bytes(), before);
  EXPECT_EQ(this->queue_of(g), server::cache_queue::streamed);
  // That generation is not tried again.
  this->services.filler.used(g);
  EXPECT_TRUE(this->services.filler.idle());
}

TYPED_TEST(memory_filler, makes_no_copy_of_a_file_that_became_shorter) {
  auto& g = this->find("f", this->pattern(2 * mebibyte));
  this->use_twice(g);
  this->files.make_file("f", "short");
  this->run_until_idle();
  EXPECT_NE(g.copy, server::file_copy::made);
  EXPECT_EQ(this->services.cache.copies(), 0u);
}

TYPED_TEST(memory_filler, leaves_half_of_the_cache_to_other_files) {
  auto& large = this->find("large", std::string(4 * mebibyte + 1, 'x'));
  this->use_twice(large);
  EXPECT_TRUE(this->services.filler.idle());
  EXPECT_EQ(this->services.cache.copies(), 0u);
  auto& smaller = this->find("smaller", std::string(4 * mebibyte, 'x'));
  this->use_twice(smaller);
  EXPECT_FALSE(this->services.filler.idle());
  this->run_until_idle();
  EXPECT_EQ(smaller.copy, server::file_copy::made);
}

TYPED_TEST(memory_filler, takes_no_more_memory_than_there_may_be) {
  auto& g = this->find("f", this->pattern(2 * mebibyte));
  std::size_t const rest = this->pool.bytes_max() - this->pool.bytes() - 2 * mebibyte;
  ASSERT_TRUE(this->pool.set_aside(rest + page_pool::slab_size + 1));
  this->use_twice(g);
  EXPECT_TRUE(this->services.filler.idle());
  EXPECT_FALSE(g.memory.is_open());
  this->pool.give_back(page_pool::slab_size + 1);
  this->services.filler.used(g);
  EXPECT_FALSE(this->services.filler.idle());
  // Pages and copies share the limit.
  std::size_t const slabs = this->pool.bytes();
  buffer taken;
  while (page* const p = this->pool.acquire()) taken.push(p);
  EXPECT_EQ(this->pool.bytes(), slabs);
  this->release(taken);
  this->run_until_idle();
  EXPECT_EQ(g.copy, server::file_copy::made);
  this->services.cache.remove(*g.known_as);
  EXPECT_EQ(this->services.cache.copies(), 0u);
  EXPECT_TRUE(this->pool.set_aside(2 * mebibyte)) << "the memory of a copy comes back";
  this->pool.give_back(rest + 2 * mebibyte);
}

TYPED_TEST(memory_filler, ends_when_the_file_is_forgotten) {
  auto& g = this->find("f", this->pattern(3 * mebibyte));
  std::size_t const before = this->services.cache.copies();
  this->use_twice(g);
  this->services.cache.remove(*g.known_as);
  this->run_until_idle();
  EXPECT_EQ(this->services.cache.copies(), before);
}

TYPED_TEST(memory_filler, ends_when_it_is_stopped) {
  auto& g = this->find("f", this->pattern(3 * mebibyte));
  this->use_twice(g);
  this->services.filler.stop();
  this->run_until_idle();
  EXPECT_NE(g.copy, server::file_copy::made);
  EXPECT_EQ(this->services.cache.copies(), 0u);
  auto& other = this->find("other", this->pattern(2 * mebibyte));
  this->use_twice(other);
  EXPECT_TRUE(this->services.filler.idle());
}

TYPED_TEST(memory_filler, what_is_sent_outlives_what_is_kept) {
  std::string const text = this->pattern(2 * mebibyte);
  auto& g = this->find("f", text);
  this->use_twice(g);
  this->run_until_idle();
  ASSERT_EQ(g.copy, server::file_copy::made);
  this->services.cache.retain(g);
  this->services.cache.remove(*g.known_as);
  EXPECT_EQ(this->services.cache.copies(), 1u);
  EXPECT_TRUE(this->text_of_copy(g) == text);
  this->services.cache.release(g);
  EXPECT_EQ(this->services.cache.copies(), 0u);
}

}  // namespace
}  // namespace quire::test
