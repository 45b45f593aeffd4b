// Operations on their way from other threads to the loop: what is posted (clause 15), and what
// threads of the loop have carried out.
//
// A stack without a lock, which the loop takes whole and turns over, and one wake for each batch:
// only the thread that finds it empty has to wake the loop. Posting costs one compare-and-exchange;
// taking costs one exchange and two stores an operation. Nothing is allocated.
//
// Why it is right: only push() and an exchange of the whole change the top, so an operation is
// never taken from between others, and that the top may have gone and come back meanwhile does not
// matter to push(): what it links to is the top at the moment when it succeeds.
#pragma once

#include <quire/io/ready_list.hpp>

#include <atomic>
#include <utility>

namespace quire::io {

// Work that any thread may hand to a loop: its completion is called there.
class posted_operation : public operation {};

class post_queue {
 public:
  // Any thread, with an operation that has been submitted and has its outcome. True when the caller
  // must wake the loop, which is then to call take(). Once it is pushed, the operation is the
  // loop's: it may complete before this returns.
  [[nodiscard]] bool push(operation& op) noexcept {
    operation* top = top_.load(std::memory_order_relaxed);
    do operation_access::set_next(op, top);
    while (!top_.compare_exchange_weak(top, &op, std::memory_order_acq_rel,
                                       std::memory_order_relaxed));
    return top == nullptr;
  }

  // The loop. What has been pushed is ready, in the order of pushing. What the loop did before is
  // seen by the thread that finds the queue empty after.
  void take(ready_list& ready) noexcept {
    operation* newest = top_.exchange(nullptr, std::memory_order_acq_rel);
    operation* oldest = nullptr;
    while (newest != nullptr) {
      operation* const before = operation_access::next(*newest);
      operation_access::set_next(*newest, oldest);
      oldest = std::exchange(newest, before);
    }
    while (oldest != nullptr) {
      operation& op = *oldest;
      oldest = operation_access::next(op);
      ready.push(op);
    }
  }

 private:
  std::atomic<operation*> top_{nullptr};
};

}  // namespace quire::io
