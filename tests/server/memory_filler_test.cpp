// Copies of large files that are asked for again, over every back end.
#include "tests/io/contract_fixture.hpp"

#include <quire/server/file_loader.hpp>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <memory>
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
  // What the cache knows of a file that is kept in pages.
  generation& keep(std::string_view path, std::string_view content) {
    entry& e = *services.cache.add(path);
    e.flight = reinterpret_cast<server::file_loader<proactor>*>(&e);  // Nobody calls it.
    auto* const g = new generation;
    services.cache.retain(*g);
    g->status.size = content.size();
    g->entity_tag = "\"tag\"";
    g->in_memory = true;
    while (g->content.size() != content.size()) {
      page* const p = this->pool.acquire();
      std::size_t const n = std::min(p->writable(), content.size() - g->content.size());
      std::memcpy(p->write_position(), content.data() + g->content.size(), n);
      p->commit_write(n);
      g->content.push(p);
    }
    services.cache.put(e, *g);
    services.cache.release(*g);
    e.flight = nullptr;
    return *g;
  }
  void use_often(generation& g) {
    for (int i = 0; i != 8; ++i) {
      EXPECT_TRUE(services.filler.idle()) << i;
      services.filler.used(g);
    }
  }
  static std::string text_of(generation const& g) {
    return std::string(g.content.begin(), g.content.end());
  }
  // Bytes that could still be set aside.
  std::size_t room() {
    std::size_t taken = 0;
    while (this->pool.set_aside(page_pool::page_size)) taken += page_pool::page_size;
    this->pool.give_back(taken);
    return taken;
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
    if (!this->client.is_open()) this->connect();
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
  std::size_t const rest = this->room() - 2 * mebibyte;
  ASSERT_TRUE(this->pool.set_aside(rest + 1));
  this->use_twice(g);
  EXPECT_TRUE(this->services.filler.idle());
  EXPECT_FALSE(g.memory.is_open());
  this->pool.give_back(1);
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

TYPED_TEST(memory_filler, moves_a_middling_file_that_is_asked_for_often) {
  this->services.cache.remove(*this->keep("f", std::string(mebibyte, 'x')).known_as);
  for (std::size_t const size : {std::size_t{65536}, std::size_t{100'001}, mebibyte}) {
    std::size_t const room = this->room();
    std::string const text = this->pattern(size);
    auto& g = this->keep("f", text);
    auto& e = *g.known_as;
    EXPECT_TRUE(g.wants_memory_file(size));
    EXPECT_FALSE(g.wants_memory_file(32767)) << "it is copied for less";
    EXPECT_FALSE(g.leaves_memory_file(size));
    this->services.cache.retain(g);  // A response that is under way.
    std::size_t const before = this->services.cache.bytes();
    this->use_often(g);
    EXPECT_FALSE(this->services.filler.idle());
    this->run_until_idle();
    auto& twin = *e.generation;
    ASSERT_NE(&twin, &g);
    EXPECT_EQ(twin.known_as, &e);
    EXPECT_EQ(g.known_as, nullptr);
    EXPECT_EQ(twin.entity_tag, g.entity_tag);
    EXPECT_TRUE(this->text_of(twin) == text);
    EXPECT_TRUE(this->text_of(g) == text) << "as long as somebody sends it";
    this->services.cache.release(g);
    EXPECT_FALSE(twin.wants_memory_file(size));
    EXPECT_TRUE(twin.leaves_memory_file(32768));
    EXPECT_FALSE(twin.leaves_memory_file(32767));
    EXPECT_TRUE(this->text_of_copy(twin) == text);
    EXPECT_EQ(this->services.cache.bytes(), before);
    EXPECT_EQ(this->services.cache.copies(), 0u) << "no descriptor is kept for it";
    EXPECT_LE(this->room(), room - size);
    this->services.cache.remove(e);
    EXPECT_EQ(this->room(), room);
  }
}

TYPED_TEST(memory_filler, moves_no_file_that_somebody_works_on) {
  auto& g = this->keep("f", this->pattern(100'000));
  auto& e = *g.known_as;
  g.in_making.add(server::content_coding::br);
  this->use_often(g);
  EXPECT_TRUE(this->services.filler.idle());
  g.in_making.remove(server::content_coding::br);
  this->services.filler.used(g);
  EXPECT_FALSE(this->services.filler.idle());
  // Somebody looks at the file before the move is complete.
  e.flight = reinterpret_cast<server::file_loader<typename TestFixture::proactor>*>(&e);
  this->run_until_idle();
  EXPECT_EQ(e.generation, &g);
  e.flight = nullptr;
  this->services.filler.used(g);
  this->run_until_idle();
  EXPECT_NE(e.generation, &g) << "a move that came to nothing hinders no other";
}

TYPED_TEST(memory_filler, moves_encoded_forms_and_digests_along) {
  auto& g = this->keep("f", this->pattern(100'000));
  auto& e = *g.known_as;
  auto const form = std::make_shared<server::encoded_form const>(
      server::encoded_form::memory(static_cast<char*>(std::malloc(10))), 10, "\"encoded\"");
  auto* const variant = this->services.cache.make_encoded(form, server::content_coding::gzip);
  ASSERT_TRUE(this->services.cache.add_variant(g, *variant));
  this->services.cache.release(*variant);
  g.set_digest(server::digest_algorithm::sha_256, "sha-256=:x:");
  this->use_often(g);
  this->run_until_idle();
  auto& twin = *e.generation;
  ASSERT_TRUE(twin.memory.is_open());
  EXPECT_EQ(twin.variant(server::content_coding::gzip), variant);
  EXPECT_EQ(twin.digest(server::digest_algorithm::sha_256), "sha-256=:x:");
  EXPECT_EQ(variant->references, 1u) << "the pages are gone, and what referred to them";
}

TYPED_TEST(memory_filler, leaves_a_middling_file_in_pages_when_memory_is_short) {
  auto& g = this->keep("f", this->pattern(100'000));
  auto& e = *g.known_as;
  std::size_t const rest = this->room();
  ASSERT_TRUE(this->pool.set_aside(rest));
  this->use_often(g);
  EXPECT_TRUE(this->services.filler.idle());
  this->pool.give_back(rest);
  this->services.filler.used(g);
  EXPECT_TRUE(this->services.filler.idle()) << "it is not tried again";
  EXPECT_EQ(e.generation, &g);
  if constexpr (requires { this->loop.faults({.memory_short = 512}); }) {
    this->loop.faults({.memory_short = 512});  // Half of them cannot be made, or not be sealed.
    std::size_t const open = this->loop.open_count();
    int moved = 0;
    for (int i = 0; i != 30; ++i) {
      auto& other = this->keep("g", this->pattern(100'000));
      auto& known = *other.known_as;
      this->use_often(other);
      this->run_until_idle();
      moved += known.generation->memory.is_open();
      EXPECT_TRUE(this->text_of(*known.generation) == this->pattern(100'000));
      this->services.cache.remove(known);
      EXPECT_EQ(this->loop.open_count(), open);
    }
    EXPECT_GT(moved, 0);
    EXPECT_LT(moved, 30);
  }
}

}  // namespace
}  // namespace quire::test
