// What all back ends share: the clock of the turn, timers, posted operations, and the delivery of
// what is ready. A back end derives from it and adds how to wait and how to start operations.
#pragma once

#include <quire/io/contract.hpp>
#include <quire/io/post_queue.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/timer_queue.hpp>

#include <algorithm>
#include <chrono>
#include <cstddef>

namespace quire::io {

enum class wait : bool { no, yes };

class event_loop {
 public:
  // The clock at the start of this turn.
  instant now() const noexcept { return now_; }

  // Fires once; scheduling again moves the deadline. Requires: no cancel() waits for its
  // completion. A deadline that has passed counts as now: it is no earlier than those that are due
  // already.
  void schedule(timer& t, instant deadline) noexcept {
    timers_.schedule(t, std::max(deadline, now_));
  }
  void cancel(timer& t) noexcept {
    if (timers_.remove(t)) ready_.finish(t, error::canceled);
  }

  // Any thread.
  void post(posted_operation& op) noexcept {
    operation_access::submit(op);
    hand_over(op);
  }

 protected:
  // Ends the wait of the loop, which is then to take `posts_`. Called by any thread.
  using wake = void (*)(void* loop) noexcept;

  event_loop(wake w, void* loop) noexcept : wake_loop_(w), loop_(loop) {}
  ~event_loop() = default;

  // Any thread. The operation has its outcome; the loop delivers it.
  void hand_over(operation& op) noexcept {
    if (posts_.push(op)) wake_loop_(loop_);
  }

  // How long the kernel may be waited for: not at all, until the first timer, or, when `forever`
  // comes back, until something happens. Looks at the clock of the last turn.
  static constexpr instant forever = instant::max();
  instant wait_max(wait w) const noexcept;

  void read_clock() noexcept { now_ = std::chrono::steady_clock::now().time_since_epoch(); }

  // Delivers what is ready and the timers that have expired: at most deliveries_max in all, a
  // quarter of which belongs to the timers, so that neither starves the other (clause 4).
  std::size_t deliver() noexcept;

  ready_list ready_;
  timer_queue timers_;
  post_queue posts_;
  instant now_{};

 private:
  wake wake_loop_;
  void* loop_;
};

}  // namespace quire::io
