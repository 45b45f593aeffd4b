// What stays in the cache, and what it costs.
#include <quire/io/sim/proactor.hpp>
#include <quire/server/file_cache.hpp>

#include <gtest/gtest.h>

#include <string>

namespace quire::server {
namespace {

using proactor = io::sim::proactor;
using cache = file_cache<proactor>;
using generation = representation<proactor>;

class file_cache_test : public testing::Test {
 protected:
  // A generation of so many bytes, all of them pages.
  generation* make(std::size_t size) {
    auto* const g = new generation;
    g->in_memory = true;
    g->status.size = size;
    while (g->content.writable() < size) g->content.push(pool_.acquire());
    g->content.commit_write(size);
    return g;
  }
  // As a request for it does. True when it was there.
  bool ask(cache& c, std::string const& path, std::size_t size) {
    if (cache::entry* const e = c.find(path); e != nullptr) {
      c.touch(*e);
      return true;
    }
    cache::entry& e = look(c, path);
    generation* const g = make(size);
    c.retain(*g);
    c.put(e, *g);
    c.release(*g);
    end(c, e);
    return false;
  }
  bool ask_absent(cache& c, std::string const& path) {
    if (cache::entry* const e = c.find(path); e != nullptr) {
      c.touch(*e);
      return true;
    }
    cache::entry& e = look(c, path);
    c.put_absent(e, load_outcome::failed, io::error::not_found);
    end(c, e);
    return false;
  }
  // What only a file loader has; nothing here calls it.
  static cache::entry& look(cache& c, std::string const& path) {
    cache::entry& e = *c.add(path);
    e.flight = reinterpret_cast<file_loader<proactor>*>(&e);
    return e;
  }
  static void end(cache& c, cache::entry& e) {
    e.flight = nullptr;
    c.settle(e);
  }
  static std::string name(char const* kind, int i) { return kind + std::to_string(i); }

  page_pool pool_{64u << 20};
  io::error error_ = io::error::none;
  proactor loop_{{.pool = &pool_}, error_};
};

TEST_F(file_cache_test, a_site_that_fits_stays) {
  {
    cache c(loop_, pool_, {.bytes_max = 4u << 20}, 1);
    for (int i = 0; i != 500; ++i) EXPECT_FALSE(ask(c, name("f", i), 4000));
    for (int i = 0; i != 500; ++i) EXPECT_TRUE(ask(c, name("f", i), 4000)) << i;
    EXPECT_EQ(c.count(), 500U);
  }
  EXPECT_EQ(pool_.in_use(), 0U);
}

TEST_F(file_cache_test, it_never_takes_more_than_it_may) {
  for (std::size_t const most : {0U, 1000U, 20'000U, 100'000U, 1'000'000U}) {
    cache c(loop_, pool_, {.bytes_max = most}, 1);
    std::size_t const empty = c.bytes();
    for (int i = 0; i != 3000; ++i) {
      ask(c, name("a/path/of/some/length/", i * i % 977),
          static_cast<std::size_t>(i * 37 % 30'000));
      ask_absent(c, name("absent/", i));
      ASSERT_LE(c.bytes(), std::max(most, empty)) << i;
    }
  }
  EXPECT_EQ(pool_.in_use(), 0U);
}

TEST_F(file_cache_test, who_reads_the_whole_site_once_pushes_out_nothing_that_is_used) {
  cache c(loop_, pool_, {.bytes_max = 1u << 20}, 1);
  for (int round = 0; round != 4; ++round) {
    for (int i = 0; i != 50; ++i) ask(c, name("hot", i), 8000);
  }
  for (int i = 0; i != 10'000; ++i) {
    ask(c, name("cold", i), 8000);
    ask(c, name("hot", i % 50), 8000);
  }
  unsigned hits = 0;
  for (int i = 0; i != 50; ++i) hits += c.find(name("hot", i)) != nullptr ? 1U : 0U;
  EXPECT_EQ(hits, 50U);
}

TEST_F(file_cache_test, what_comes_back_soon_after_it_was_evicted_stays_longer) {
  cache c(loop_, pool_, {.bytes_max = 400'000}, 1);
  ask(c, "again", 8000);
  int i = 0;
  while (c.find("again") != nullptr) ask(c, name("cold", i++), 8000);
  ask(c, "again", 8000);
  int const rounds = i;
  for (int n = 0; n != 2 * rounds; ++n) ask(c, name("cold", i++), 8000);
  EXPECT_NE(c.find("again"), nullptr);
}

TEST_F(file_cache_test, invented_paths_push_out_no_file) {
  cache c(loop_, pool_, {.bytes_max = 1u << 20}, 1);
  for (int i = 0; i != 80; ++i) ask(c, name("f", i), 8000);
  EXPECT_FALSE(ask_absent(c, "favicon.ico"));
  for (int i = 0; i != 20'000; ++i) {
    ask_absent(c, name("invented", i));
    if (i % 10 == 0) {
      EXPECT_TRUE(ask_absent(c, "favicon.ico")) << i;
    }
  }
  for (int i = 0; i != 80; ++i) EXPECT_NE(c.find(name("f", i)), nullptr) << i;
  EXPECT_LE(c.count(cache_queue::absent), 1024U);
  EXPECT_FALSE(ask_absent(c, std::string(1000, 'x')));
  EXPECT_FALSE(ask_absent(c, std::string(1000, 'x'))) << "is kept";
}

TEST_F(file_cache_test, a_target_is_known_by_each_spelling_that_was_learnt) {
  cache c(loop_, pool_, {.bytes_max = 1u << 20}, 1);
  ask(c, "a b.html", 100);
  ask(c, "other.html", 100);
  cache::entry& e = *c.find("a b.html");
  c.learn(e, "/a%20b.html");
  c.learn(e, "/a%20b.html?v=1");
  EXPECT_EQ(c.find_target("/a%20b.html"), &e);
  EXPECT_EQ(c.find_target("/a%20b.html?v=1"), &e);
  EXPECT_EQ(c.find_target("/a%20B.html"), nullptr);
  // A third one takes the place of the first.
  c.learn(e, "/x/../a%20b.html");
  EXPECT_EQ(c.find_target("/a%20b.html"), nullptr);
  EXPECT_EQ(c.find_target("/x/../a%20b.html"), &e);
  for (int i = 0; i != 3000; ++i) c.learn(e, name("/a%20b.html?", i));
  EXPECT_LT(c.bytes(), 30'000U);
  c.remove(e);
  EXPECT_EQ(c.find_target("/x/../a%20b.html"), nullptr);
  EXPECT_EQ(c.find_target("/a%20b.html?2999"), nullptr);
}

TEST_F(file_cache_test, what_there_is_no_room_for_is_not_learnt) {
  constexpr std::size_t most = 1'200'000;
  cache c(loop_, pool_, {.bytes_max = most}, 1);
  int files = 0;
  for (; c.bytes() + 6000 < most; ++files) ask(c, name("f", files), 100);
  ASSERT_GT(files, 192);
  unsigned known = 0;
  for (int i = 0; i != files; ++i) {
    cache::entry& e = *c.find(name("f", i));
    for (char const* const target : {"/a", "/b"}) {
      c.learn(e, name(target, i));
      known += c.find_target(name(target, i)) == &e ? 1U : 0U;
    }
    EXPECT_LE(c.bytes(), most);
  }
  EXPECT_EQ(known, 384U) << "of " << 2 * files;
  c.remove(*c.find("f0"));
  cache::entry& last = *c.find(name("f", files - 1));
  c.learn(last, "/z");
  EXPECT_EQ(c.find_target("/z"), &last);
}

TEST_F(file_cache_test, a_generation_outlives_its_entry_and_takes_its_variants_along) {
  {
    cache c(loop_, pool_, {.bytes_max = 1u << 20}, 1);
    ask(c, "f", 50'000);
    generation& g = *c.find("f")->generation;
    c.retain(g);
    std::size_t const plain = c.bytes();
    generation* const encoded = make(20'000);
    encoded->coding = content_coding::br;
    EXPECT_TRUE(c.add_variant(g, *encoded));
    EXPECT_GE(c.bytes(), plain + 20'000);
    EXPECT_TRUE(g.varies());
    EXPECT_EQ(g.variant(content_coding::br), encoded);
    c.remove(*c.find("f"));
    EXPECT_EQ(c.count(), 0U);
    EXPECT_GT(pool_.in_use(), 17U);
    c.release(g);
    EXPECT_EQ(pool_.in_use(), 0U);
  }
}

}  // namespace
}  // namespace quire::server
