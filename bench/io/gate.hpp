// Holds threads until it is opened, once. Not a std::latch: where the system has no futex, as under
// Windows, that of libstdc++ 12 can miss the end of a wait.
#pragma once

#include <condition_variable>
#include <mutex>

namespace quire::bench {

class gate {
 public:
  void open() {
    std::lock_guard const lock(mutex_);
    open_ = true;
    opened_.notify_all();
  }
  void wait() {
    std::unique_lock lock(mutex_);
    opened_.wait(lock, [this] { return open_; });
  }

 private:
  std::mutex mutex_;
  std::condition_variable opened_;
  bool open_ = false;
};

}  // namespace quire::bench
