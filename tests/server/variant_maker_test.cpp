// Variants that are made of files, in a world without threads: what is submitted is done when the
// test says so, and its completion comes with the next turn of the loop.
#include <quire/io/sim/proactor.hpp>
#include <quire/server/variant_maker.hpp>

#include "tests/decoding/decode.hpp"
#include "tests/noise.hpp"
#include "tests/server/encoding/counted_memory.hpp"

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

constexpr media_type html{"text/html", true};

// What workers have together.
struct shared_work {
  test::counted_memory memory_;
  encoded_forms forms_{memory_.hooks()};
  background_work work_{0, io::thread_priority::normal};
};

// One worker, of which only what makes variants is there.
class small_worker {
 public:
  explicit small_worker(shared_work& shared, std::size_t pool_bytes = 16u << 20,
                        std::size_t cache_bytes = 4u << 20)
      : pool_(pool_bytes), cache_(loop_, pool_, {.bytes_max = cache_bytes}, 1), shared_(shared) {
    if (!encodable_codings().has(gzip)) return;
    maker_ = std::make_unique<variant_maker<proactor>>(loop_, pool_, cache_, &shared.work_, this,
                                                       &shared.forms_, encodable_codings());
  }

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
  // Until all outcomes are there.
  void turn() {
    while (!maker_->idle()) {
      shared_.work_.carry_out_next();
      loop_.run_once(io::wait::yes);
    }
  }
  static std::string content(generation const& g) { return {g.content.begin(), g.content.end()}; }

  page_pool pool_;
  io::error error_ = io::error::none;
  proactor loop_{{.pool = &pool_}, error_};
  cache cache_;
  shared_work& shared_;
  std::unique_ptr<variant_maker<proactor>> maker_;
};

class variant_maker_test : public testing::Test, protected shared_work, protected small_worker {
 protected:
  explicit variant_maker_test(std::size_t pool_bytes = 16u << 20,
                              std::size_t cache_bytes = 4u << 20)
      : small_worker(static_cast<shared_work&>(*this), pool_bytes, cache_bytes) {}
  void SetUp() override {
    if (maker_ == nullptr) GTEST_SKIP() << "this build has no zlib";
  }
};

TEST_F(variant_maker_test, makes_what_is_wanted_once) {
  generation& g = put("f", text(20'000));
  EXPECT_TRUE(g.makeable().has(gzip));
  EXPECT_TRUE(g.varies());
  std::size_t const before = cache_.bytes();
  maker_->want(g, gzip);
  EXPECT_TRUE(g.in_making.has(gzip));
  std::size_t const reserved = pool_.bytes_set_aside();
  EXPECT_EQ(reserved, encoded_size_max(20'000));
  maker_->want(g, gzip);
  EXPECT_EQ(pool_.bytes_set_aside(), reserved);
  EXPECT_EQ(g.variant(gzip), nullptr);
  turn();
  generation const* const v = g.variant(gzip);
  ASSERT_NE(v, nullptr);
  EXPECT_EQ(test::decode("gzip", content(*v)), text(20'000));
  EXPECT_EQ(v->entity_tag, content_entity_tag(v->content, gzip));
  EXPECT_NE(v->entity_tag, g.entity_tag);
  EXPECT_NE(v->head.text().find("Content-Encoding: gzip\r\n"), std::string::npos);
  EXPECT_NE(v->head.text().find("Content-Type: text/html\r\n"), std::string::npos);
  EXPECT_NE(v->head.text().find("Vary: Accept-Encoding\r\n"), std::string::npos);
  EXPECT_FALSE(g.makeable().has(gzip));
  // It is counted, in one piece that is no larger than it must be.
  EXPECT_GT(cache_.bytes(), before + v->content.size());
  EXPECT_EQ(pool_.bytes_set_aside(), v->content.size());
  EXPECT_EQ(v->content.begin().run().size, v->content.size());
  EXPECT_EQ(v->content.writable(), 0U);
  cache_.remove(*g.known_as);
  EXPECT_EQ(pool_.bytes_set_aside(), v->content.size()) << "a response has it";
  cache_.release(g);
  EXPECT_EQ(pool_.bytes_set_aside(), 0U);
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
  EXPECT_NE(g.head.text().find("Vary"), std::string::npos);
  maker_->want(g, gzip);
  turn();
  EXPECT_EQ(g.variant(gzip), nullptr);
  EXPECT_TRUE(g.makeable().empty());
  EXPECT_FALSE(g.varies());
  EXPECT_EQ(g.head.text().find("Vary"), std::string::npos);
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
  EXPECT_EQ(pool_.bytes_set_aside(), 0U);
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

TEST_F(variant_maker_in_little_memory, goes_on_when_all_of_it_has_once_been_in_use) {
  buffer all;
  while (page* const p = pool_.acquire()) all.push(p);
  EXPECT_EQ(pool_.bytes(), pool_.bytes_max());
  while (page* const p = all.pop()) pool_.release(p);
  generation& g = put("f", text(20'000));
  maker_->want(g, gzip);
  turn();
  EXPECT_NE(g.variant(gzip), nullptr);
  cache_.release(g);
}

TEST_F(variant_maker_test, waits_when_the_encoder_gets_no_memory) {
  generation& g = put("f", text(20'000));
  memory_.failing = 1;
  maker_->want(g, gzip);
  turn();
  EXPECT_EQ(memory_.calls, 1U);
  EXPECT_EQ(pool_.bytes_set_aside(), 0U);
  EXPECT_TRUE(g.makeable().has(gzip));
  maker_->want(g, gzip);
  EXPECT_TRUE(maker_->idle()) << "there was no pause";
  cache_.release(g);
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

// With a second worker beside the first.
class variant_makers_test : public variant_maker_test {
 protected:
  // On the second one; the caller has a reference.
  generation& put_on_second(std::string const& path, std::string_view content) {
    return second_->put(path, content);
  }
  // Waits for nothing but what other workers hold.
  static void turn_without_work(small_worker& w) {
    for (int i = 0; i != 3; ++i) w.loop_.run_once(io::wait::no);
  }

  std::unique_ptr<small_worker> second_ =
      std::make_unique<small_worker>(static_cast<shared_work&>(*this));
};

TEST_F(variant_makers_test, who_asks_later_gets_the_same_bytes_without_an_encoder) {
  generation& g = put("f", text(20'000));
  maker_->want(g, gzip);
  turn();
  ASSERT_NE(g.variant(gzip), nullptr);
  EXPECT_EQ(memory_.runs, 1U);
  generation& h = put_on_second("f", text(20'000));
  second_->maker_->want(h, gzip);
  EXPECT_FALSE(work_.has_waiting()) << "it need not wait for other files";
  turn_without_work(*second_);
  generation const* const v = h.variant(gzip);
  ASSERT_NE(v, nullptr);
  EXPECT_EQ(memory_.runs, 1U);
  EXPECT_EQ(v->content.begin().position(), g.variant(gzip)->content.begin().position());
  EXPECT_EQ(v->entity_tag, g.variant(gzip)->entity_tag);
  EXPECT_EQ(v->head.text(), g.variant(gzip)->head.text());
  // Each counts it.
  EXPECT_EQ(pool_.bytes_set_aside(), v->content.size());
  EXPECT_EQ(second_->pool_.bytes_set_aside(), v->content.size());
  EXPECT_EQ(second_->cache_.bytes(), cache_.bytes());
  // What the first one has forgotten is whole for the second.
  cache_.remove(*g.known_as);
  cache_.release(g);
  EXPECT_EQ(pool_.bytes_set_aside(), 0U);
  EXPECT_EQ(test::decode("gzip", content(*v)), text(20'000));
  second_->cache_.release(h);
}

TEST_F(variant_makers_test, who_asks_meanwhile_waits_for_the_one_encoder) {
  generation& g = put("f", text(20'000));
  generation& h = put_on_second("f", text(20'000));
  maker_->want(g, gzip);
  second_->maker_->want(h, gzip);
  turn();
  EXPECT_FALSE(work_.has_waiting());
  turn_without_work(*second_);
  ASSERT_NE(h.variant(gzip), nullptr);
  EXPECT_EQ(memory_.runs, 1U);
  EXPECT_EQ(h.variant(gzip)->content.begin().position(),
            g.variant(gzip)->content.begin().position());
  cache_.release(g);
  second_->cache_.release(h);
}

TEST_F(variant_makers_test, a_form_outlives_the_worker_that_asked_first) {
  generation& h = put_on_second("f", text(20'000));
  second_->maker_->want(h, gzip);
  second_->turn();
  generation& g = put("f", text(20'000));
  maker_->want(g, gzip);
  turn_without_work(*this);
  ASSERT_NE(g.variant(gzip), nullptr);
  second_->cache_.release(h);
  second_.reset();
  EXPECT_EQ(test::decode("gzip", content(*g.variant(gzip))), text(20'000));
  EXPECT_EQ(forms_.count(), 1U);
  cache_.release(g);
}

TEST_F(variant_makers_test, when_nobody_holds_it_any_more_it_is_made_again) {
  generation& g = put("f", text(20'000));
  generation& h = put_on_second("f", text(20'000));
  maker_->want(g, gzip);
  second_->maker_->want(h, gzip);
  turn();
  turn_without_work(*second_);
  cache_.remove(*g.known_as);
  cache_.release(g);
  EXPECT_EQ(forms_.count(), 1U);
  second_->cache_.remove(*h.known_as);
  second_->cache_.release(h);
  EXPECT_EQ(forms_.count(), 0U);
  EXPECT_EQ(second_->pool_.bytes_set_aside(), 0U);
  generation& anew = put("f", text(20'000));
  maker_->want(anew, gzip);
  turn();
  EXPECT_NE(anew.variant(gzip), nullptr);
  EXPECT_EQ(memory_.runs, 2U);
  cache_.release(anew);
}

TEST_F(variant_makers_test, another_file_or_version_gets_a_form_of_its_own) {
  generation& g = put("f", text(20'000));
  maker_->want(g, gzip);
  turn();
  std::string const changed = "x" + text(20'000).substr(1);
  generation& other = put_on_second("other", text(20'000));
  generation& newer = put_on_second("f", changed);
  second_->maker_->want(other, gzip);
  second_->maker_->want(newer, gzip);
  second_->turn();
  EXPECT_EQ(memory_.runs, 3U);
  EXPECT_EQ(test::decode("gzip", content(*newer.variant(gzip))), changed);
  EXPECT_EQ(test::decode("gzip", content(*other.variant(gzip))), text(20'000));
  cache_.release(g);
  second_->cache_.release(other);
  second_->cache_.release(newer);
}

TEST_F(variant_makers_test, what_does_not_get_smaller_is_tried_once) {
  generation& g = put("f", test::noise(20'000));
  maker_->want(g, gzip);
  turn();
  generation& h = put_on_second("f", test::noise(20'000));
  EXPECT_TRUE(h.varies());
  second_->maker_->want(h, gzip);
  EXPECT_FALSE(work_.has_waiting());
  turn_without_work(*second_);
  EXPECT_FALSE(h.varies());
  EXPECT_EQ(memory_.runs, 1U);
  EXPECT_EQ(content(h), test::noise(20'000));
  // Nobody remembers it for nobody.
  for (generation* const one : {&g, &h}) {
    small_worker& w = one == &g ? static_cast<small_worker&>(*this) : *second_;
    w.cache_.remove(*one->known_as);
    w.cache_.release(*one);
  }
  EXPECT_EQ(forms_.count(), 0U);
}

}  // namespace
}  // namespace quire::server
