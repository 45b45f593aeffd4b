// Objects are found under each of their hashes, whoever came and went before.
#include <quire/server/hash_index.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <map>
#include <random>
#include <vector>

namespace quire::server {
namespace {

struct object {
  int name = 0;
};
using index = hash_index<object>;

object* find(index const& i, std::uint64_t hash, int name) {
  return i.find(hash, [=](object const& o) { return o.name == name; });
}

void add(index& i, std::uint64_t hash, object& o) {
  if (i.is_full()) i.grow();
  i.insert(hash, o);
}

TEST(hash_index, tells_apart_what_has_the_same_hash) {
  index i;
  object a{1};
  object b{2};
  add(i, 7, a);
  add(i, 7, b);
  EXPECT_EQ(find(i, 7, 1), &a);
  EXPECT_EQ(find(i, 7, 2), &b);
  EXPECT_EQ(find(i, 7, 3), nullptr);
  EXPECT_EQ(find(i, 8, 1), nullptr);
  i.erase(7, a);
  EXPECT_EQ(find(i, 7, 1), nullptr);
  EXPECT_EQ(find(i, 7, 2), &b);
}

TEST(hash_index, knows_an_object_by_several_hashes) {
  index i;
  object a{1};
  add(i, 7, a);
  add(i, 8, a);
  i.erase(7, a);
  EXPECT_EQ(find(i, 7, 1), nullptr);
  EXPECT_EQ(find(i, 8, 1), &a);
}

// Hashes of few values, so that most of them meet, also at the end of the table.
TEST(hash_index, agrees_with_a_map_whatever_comes_and_goes) {
  for (std::uint64_t const spread : {3U, 40U, 300U, 100'000U}) {
    std::mt19937_64 random(spread);
    std::vector<object> objects(400);
    for (std::size_t n = 0; n != objects.size(); ++n) objects[n].name = static_cast<int>(n);
    index i;
    std::map<int, std::uint64_t> hashes;
    for (int step = 0; step != 20'000; ++step) {
      auto& o = objects[random() % objects.size()];
      if (auto const at = hashes.find(o.name); at != hashes.end()) {
        ASSERT_EQ(find(i, at->second, o.name), &o);
        i.erase(at->second, o);
        ASSERT_EQ(find(i, at->second, o.name), nullptr);
        hashes.erase(at);
      } else {
        std::uint64_t const hash = UINT64_MAX - spread / 2 + random() % spread;
        add(i, hash, o);
        hashes[o.name] = hash;
      }
      ASSERT_EQ(i.count(), hashes.size());
      if (step % 500 != 0) continue;
      for (auto const& [name, hash] : hashes) ASSERT_NE(find(i, hash, name), nullptr) << step;
    }
    i.clear([&](object& o) { i.erase(hashes.at(o.name), o); });
    EXPECT_EQ(i.count(), 0U);
  }
}

TEST(hash_index, grows_before_it_is_full) {
  index i;
  std::vector<object> objects(10'000);
  for (std::size_t n = 0; n != objects.size(); ++n) add(i, n * 0x9e3779b97f4a7c15, objects[n]);
  EXPECT_EQ(i.count(), objects.size());
  EXPECT_EQ(i.bytes(), 16384U * 16);
  for (std::size_t n = 0; n != objects.size(); ++n) {
    ASSERT_NE(find(i, n * 0x9e3779b97f4a7c15, 0), nullptr);
  }
}

}  // namespace
}  // namespace quire::server
