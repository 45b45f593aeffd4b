// Memory for one handler of Asio, embedded in whoever waits, so that waiting allocates nothing.
#pragma once

#include <array>
#include <cassert>
#include <cstddef>
#include <new>

namespace quire::io::asio {

class handler_memory {
 public:
  handler_memory() = default;
  handler_memory(handler_memory const&) = delete;
  handler_memory& operator=(handler_memory const&) = delete;

  void* allocate(std::size_t size) {
    if (in_use_ || size > bytes_.size()) return ::operator new(size);
    in_use_ = true;
    return bytes_.data();
  }
  void deallocate(void* memory) noexcept {
    if (memory == bytes_.data()) {
      in_use_ = false;
    } else {
      ::operator delete(memory);
    }
  }

 private:
  alignas(std::max_align_t) std::array<std::byte, 256> bytes_;
  bool in_use_ = false;
};

// What Asio asks for the memory of a handler.
template <class T>
class handler_allocator {
 public:
  using value_type = T;

  explicit handler_allocator(handler_memory& memory) noexcept : memory_(&memory) {}
  template <class U>
  handler_allocator(handler_allocator<U> const& other) noexcept : memory_(other.memory_) {}

  T* allocate(std::size_t n) { return static_cast<T*>(memory_->allocate(n * sizeof(T))); }
  void deallocate(T* memory, std::size_t) noexcept { memory_->deallocate(memory); }

  friend bool operator==(handler_allocator const&, handler_allocator const&) = default;

 private:
  template <class U>
  friend class handler_allocator;
  handler_memory* memory_;
};

}  // namespace quire::io::asio
