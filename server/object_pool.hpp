// A pool of objects of one type for one thread.
//
// Objects are constructed when they are taken and destroyed when they are given back; their memory
// is kept on a free list and comes from the heap in blocks, so that a steady state allocates
// nothing. Not thread-safe. Every object must be back before the pool ends.
#pragma once

#include <cassert>
#include <cstddef>
#include <memory>
#include <new>
#include <utility>
#include <vector>

namespace quire::server {

template <class Object>
class object_pool {
 public:
  object_pool() = default;
  object_pool(object_pool const&) = delete;
  object_pool& operator=(object_pool const&) = delete;
  ~object_pool() { assert(in_use_ == 0); }

  // A new object; nullptr when the heap gives no memory.
  template <class... Arguments>
  [[nodiscard]] Object* make(Arguments&&... arguments) noexcept {
    if (free_ == nullptr && !grow()) return nullptr;
    slot* const s = free_;
    free_ = s->next;
    ++in_use_;
    return ::new (s->memory) Object(std::forward<Arguments>(arguments)...);
  }

  void destroy(Object* object) noexcept {
    object->~Object();
    slot* const s = reinterpret_cast<slot*>(object);
    s->next = free_;
    free_ = s;
    --in_use_;
  }

  std::size_t in_use() const noexcept { return in_use_; }

 private:
  union slot {
    slot* next;
    alignas(Object) std::byte memory[sizeof(Object)];
  };
  static constexpr std::size_t block_bytes = 32 * 1024;
  static constexpr std::size_t slots_per_block =
      sizeof(slot) >= block_bytes ? 1 : block_bytes / sizeof(slot);

  bool grow() noexcept {
    std::unique_ptr<slot[]> block(new (std::nothrow) slot[slots_per_block]);
    if (block == nullptr) return false;
    for (std::size_t i = slots_per_block; i-- != 0;) {
      block[i].next = free_;
      free_ = &block[i];
    }
    try {
      blocks_.push_back(std::move(block));
    } catch (std::bad_alloc const&) {
      free_ = nullptr;
      return false;
    }
    return true;
  }

  slot* free_ = nullptr;
  std::size_t in_use_ = 0;
  std::vector<std::unique_ptr<slot[]>> blocks_;
};

}  // namespace quire::server
