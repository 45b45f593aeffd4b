#include <quire/server/object_pool.hpp>

#include <gtest/gtest.h>

#include <memory>
#include <set>
#include <vector>

namespace quire::server {
namespace {

TEST(object_pool, constructs_and_destroys) {
  object_pool<std::shared_ptr<int>> pool;
  auto const value = std::make_shared<int>(1);
  std::shared_ptr<int>* const object = pool.make(value);
  ASSERT_NE(object, nullptr);
  EXPECT_EQ(value.use_count(), 2);
  EXPECT_EQ(pool.in_use(), 1U);
  pool.destroy(object);
  EXPECT_EQ(value.use_count(), 1);
  EXPECT_EQ(pool.in_use(), 0U);
}

TEST(object_pool, gives_every_object_its_own_memory_and_uses_it_again) {
  object_pool<long> pool;
  std::set<long*> places;
  std::vector<long*> objects;
  for (long i = 0; i != 100'000; ++i) {
    objects.push_back(pool.make(i));
    ASSERT_TRUE(places.insert(objects.back()).second);
  }
  for (long i = 0; i != 100'000; ++i) ASSERT_EQ(*objects[static_cast<std::size_t>(i)], i);
  for (long* object : objects) pool.destroy(object);
  long* const again = pool.make(0);
  EXPECT_TRUE(places.contains(again));
  pool.destroy(again);
}

}  // namespace
}  // namespace quire::server
