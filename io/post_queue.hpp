// Operations on their way from other threads to the loop (clause 15).
//
// A list under a lock, which the loop takes once for all that has been posted, and one wake for
// each batch: only the thread that finds the list empty has to wake the loop.
#pragma once

#include <quire/io/ready_list.hpp>

#include <mutex>

namespace quire::io {

// Work that any thread may hand to a loop: its completion is called there.
class posted_operation : public operation {};

class post_queue {
 public:
  // Any thread. True when the caller must wake the loop, which is then to call take().
  [[nodiscard]] bool push(posted_operation& op) noexcept {
    operation_access::submit(op);
    std::lock_guard const lock(mutex_);
    bool const first = posted_.empty();
    posted_.push(op);
    return first;
  }

  // The loop. What has been posted is ready, in the order of posting.
  void take(ready_list& ready) noexcept {
    std::lock_guard const lock(mutex_);
    ready.splice(posted_);
  }

 private:
  std::mutex mutex_;
  operation_list posted_;
};

}  // namespace quire::io
