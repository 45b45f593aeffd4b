// Memory with a page in front of it and one behind it that no program may touch. One source file
// for each platform.
#pragma once

#include <cstddef>

namespace quire::http::test {

class guarded_memory {
 public:
  // At least `size` octets; more up to whole pages. Throws std::bad_alloc.
  explicit guarded_memory(std::size_t size);
  ~guarded_memory();
  guarded_memory(guarded_memory const&) = delete;
  guarded_memory& operator=(guarded_memory const&) = delete;

  // Both ends touch a guard.
  char* first() const noexcept { return first_; }
  char* last() const noexcept { return last_; }

 private:
  char* first_;
  char* last_;
};

}  // namespace quire::http::test
