// Variants that are made of files, in a world without threads: what is submitted is done when the
// test says so, and its completion comes with the next turn of the loop.
#include <quire/io/sim/proactor.hpp>
#include <quire/server/variant_maker.hpp>

#include "tests/decoding/decode.hpp"
#include "tests/noise.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>

namespace quire::server {
namespace {

using proactor = io::sim::proactor;
using cache = file_cache<proactor>;
using generation = representation<proactor>;

constexpr content_coding gzip = content_coding::gzip;

std::string text(std::size_t size) {
  std::string out;
  for (unsigned i = 0; out.size() < size; ++i) out += "line " + std::to_string(i) + "\n";
  out.resize(size);
  return out;
}

class variant_maker_test : public testing::Test {
 protected:
  explicit variant_maker_test(std::size_t pool_bytes = 16u << 20,
                              std::size_t cache_bytes = 4u << 20)
      : pool_(pool_bytes), cache_(loop_, pool_, {.bytes_max = cache_bytes}, 1) {
    if (!encodable_codings().has(gzip)) return;
    maker_ = std::make_unique<variant_maker<proactor>>(loop_, pool_, cache_, &work_, this,
                                                       encodable_codings());
  }
  void SetUp() override {
    if (maker_ == nullptr) GTEST_SKIP() << "this build has no zlib";
  }

  static constexpr media_type html{"text/html", true};

  // A file with this content that the cache keeps; the caller has a reference, too.
  generation& put(std::string const& path, std::string_view content) {
    auto* const g = new generation;
    cache_.retain(*g);
    while (g->content.writable() < content.size()) g->content.push(pool_.acquire());
    for (std::size_t done = 0; done != content.size();) {
      std::array<mutable_span, 1> room{};
      g->content.scatter(room);
      std::size_t const here = std::min(room[0].size, content.size() - done);
      std::memcpy(room[0].data, content.data() + done, here);
      g->content.commit_write(here);
      done += here;
    }
    g->in_memory = true;
    g->status.size = content.size();
    g->media_type = html.text;
    g->entity_tag = content_entity_tag(g->content);
    g->encodable = maker_->worth_making(*g, html);
    g->head = representation_head(g->fields());
    cache::entry* e = cache_.find(path);
    if (e == nullptr) e = cache_.add(path);
    // What only a file loader has; nothing here calls it.
    e->flight = reinterpret_cast<file_loader<proactor>*>(e);
    cache_.put(*e, *g);
    e->flight = nullptr;
    cache_.settle(*e);
    return *g;
  }
  void turn() {
    while (!maker_->idle()) {
      work_.carry_out_next();
      loop_.run_once(io::wait::yes);
    }
  }
  static std::string content(generation const& g) { return {g.content.begin(), g.content.end()}; }

  page_pool pool_;
  io::error error_ = io::error::none;
  proactor loop_{{.pool = &pool_}, error_};
  background_work work_{0, background_work::priority::normal};
  cache cache_;
  std::unique_ptr<variant_maker<proactor>> maker_;
};

TEST_F(variant_maker_test, makes_what_is_wanted_once) {
  generation& g = put("f", text(20'000));
  EXPECT_TRUE(g.makeable().has(gzip));
  EXPECT_TRUE(g.varies());
  std::size_t const before = cache_.bytes();
  maker_->want(g, gzip);
  EXPECT_TRUE(g.in_making.has(gzip));
  std::size_t const pages = pool_.in_use();
  maker_->want(g, gzip);
  EXPECT_EQ(pool_.in_use(), pages);
  EXPECT_EQ(g.variant(gzip), nullptr);
  turn();
  generation const* const v = g.variant(gzip);
  ASSERT_NE(v, nullptr);
  EXPECT_EQ(test::decode("gzip", content(*v)), text(20'000));
  EXPECT_EQ(v->entity_tag, content_entity_tag(v->content, gzip));
  EXPECT_NE(v->entity_tag, g.entity_tag);
  EXPECT_NE(v->head.text.find("Content-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_NE(v->head.text.find("Content-Type: text/html\r\n"), std::string::npos);
  EXPECT_NE(v->head.text.find("Vary: Accept-Encoding\r\n"), std::string::npos);
  EXPECT_FALSE(g.makeable().has(gzip));
  // It is counted, and holds no more pages than it fills.
  EXPECT_GT(cache_.bytes(), before);
  std::size_t const needed = (v->content.size() + page_pool::page_size - 1) / page_pool::page_size;
  EXPECT_EQ(v->content.writable(), needed * page_pool::page_size - v->content.size());
  cache_.release(g);
}

TEST_F(variant_maker_test,
       a_generation_that_was_replaced_meanwhile_gets_none_and_the_new_one_its_own) {
  generation& old = put("f", text(20'000));
  maker_->want(old, gzip);
  generation& g = put("f", text(30'000));
  turn();
  EXPECT_EQ(old.variant(gzip), nullptr);
  EXPECT_EQ(g.variant(gzip), nullptr);
  maker_->want(old, gzip);
  EXPECT_TRUE(maker_->idle());
  maker_->want(g, gzip);
  turn();
  ASSERT_NE(g.variant(gzip), nullptr);
  EXPECT_EQ(test::decode("gzip", content(*g.variant(gzip))), text(30'000));
  cache_.release(old);
  cache_.release(g);
}

TEST_F(variant_maker_test, what_does_not_get_smaller_is_left_and_varies_no_more) {
  generation& g = put("f", test::noise(20'000));
  EXPECT_NE(g.head.text.find("Vary"), std::string::npos);
  maker_->want(g, gzip);
  turn();
  EXPECT_EQ(g.variant(gzip), nullptr);
  EXPECT_TRUE(g.makeable().empty());
  EXPECT_FALSE(g.varies());
  EXPECT_EQ(g.head.text.find("Vary"), std::string::npos);
  cache_.release(g);
}

TEST_F(variant_maker_test, only_texts_of_some_size_that_are_kept_are_worth_it) {
  generation& small = put("small", text(encoding_size_min - 1));
  EXPECT_FALSE(small.varies());
  generation& enough = put("enough", text(encoding_size_min));
  EXPECT_TRUE(enough.varies());
  EXPECT_TRUE(maker_->worth_making(enough, {"image/png", false}).empty());
  enough.in_memory = false;
  EXPECT_TRUE(maker_->worth_making(enough, html).empty());
  enough.in_memory = true;
  cache_.release(small);
  cache_.release(enough);
}

TEST_F(variant_maker_test, what_lies_beside_a_file_comes_before_what_could_be_made) {
  generation& g = put("f", text(20'000));
  g.siblings.add(content_coding::br);
  EXPECT_TRUE(g.makeable().empty());
  EXPECT_TRUE(g.varies());
  g.siblings = {};
  EXPECT_TRUE(g.makeable().has(gzip));
  cache_.release(g);
}

TEST_F(variant_maker_test, many_wishes_wait_for_the_next_request) {
  std::vector<generation*> files;
  for (int i = 0; i != 20; ++i) files.push_back(&put("f" + std::to_string(i), text(20'000)));
  for (generation* const g : files) maker_->want(*g, gzip);
  auto const begun = std::count_if(files.begin(), files.end(),
                                   [](generation* g) { return g->in_making.has(gzip); });
  EXPECT_GT(begun, 1);
  EXPECT_LT(begun, 20);
  for (int round = 0; round != 20; ++round) {
    turn();
    for (generation* const g : files) {
      if (g->makeable().has(gzip)) maker_->want(*g, gzip);
    }
  }
  turn();
  for (generation* const g : files) {
    EXPECT_NE(g->variant(gzip), nullptr);
    cache_.release(*g);
  }
}

TEST_F(variant_maker_test, after_stop_nothing_is_begun_and_nothing_that_waits_is_done) {
  generation& g = put("f", text(20'000));
  generation& h = put("h", text(20'000));
  maker_->want(g, gzip);
  EXPECT_TRUE(work_.has_waiting());
  maker_->stop();
  EXPECT_FALSE(work_.has_waiting());
  maker_->want(h, gzip);
  EXPECT_FALSE(h.in_making.has(gzip));
  // Without any of the work.
  for (int i = 0; i != 5; ++i) loop_.run_once(io::wait::no);
  EXPECT_TRUE(maker_->idle());
  EXPECT_EQ(g.variant(gzip), nullptr);
  cache_.release(g);
  cache_.release(h);
}

// A pool of three slabs, of which outcomes may take an eighth.
class variant_maker_in_little_memory : public variant_maker_test {
 protected:
  variant_maker_in_little_memory() : variant_maker_test(3u << 20) {}
};

TEST_F(variant_maker_in_little_memory, waits_for_memory_and_takes_none_of_the_cache) {
  generation& large = put("large", text(600'000));
  maker_->want(large, gzip);
  EXPECT_TRUE(maker_->idle());
  generation& g = put("f", text(20'000));
  buffer all;
  while (page* const p = pool_.acquire()) all.push(p);
  maker_->want(g, gzip);
  EXPECT_TRUE(maker_->idle());
  EXPECT_EQ(cache_.count(), 2U);
  while (page* const p = all.pop()) pool_.release(p);
  maker_->want(g, gzip);
  EXPECT_TRUE(maker_->idle()) << "there was no pause";
  cache_.release(g);
  cache_.release(large);
}

// In which the file fits, but not its variant beside it.
class variant_maker_in_a_small_cache : public variant_maker_test {
 protected:
  variant_maker_in_a_small_cache() : variant_maker_test(16u << 20, 60'000) {}
};

TEST_F(variant_maker_in_a_small_cache, begins_nothing_that_cannot_be_kept) {
  generation& g = put("f", text(40'000));
  ASSERT_NE(g.known_as, nullptr);
  EXPECT_FALSE(g.varies());
  cache_.release(g);
}

}  // namespace
}  // namespace quire::server
