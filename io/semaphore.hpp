// A counting semaphore. That of libstdc++ 12 loses wake-ups where the system has no futex, as on
// Windows, so that a thread sleeps on.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <mutex>

namespace quire::io {

class semaphore {
 public:
  explicit semaphore(std::size_t count = 0) noexcept : count_(count) {}
  semaphore(semaphore const&) = delete;
  semaphore& operator=(semaphore const&) = delete;

  void release() noexcept {
    std::lock_guard const lock(mutex_);
    ++count_;
    released_.notify_one();
  }
  void acquire() noexcept {
    std::unique_lock lock(mutex_);
    released_.wait(lock, [this] { return count_ != 0; });
    --count_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable released_;
  std::size_t count_;
};

}  // namespace quire::io
