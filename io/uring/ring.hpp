// A thin ring: the two queues that io_uring shares with the kernel, and the one call that moves
// them.
//
// Needs Linux 6.1: completions are delivered to the one thread that submits (SINGLE_ISSUER), when
// it asks for them or with any system call, and waiting takes a timeout without an entry of its
// own. The thread that first calls enter() or submit() is the one.
#pragma once

#include <linux/io_uring.h>
#include <sys/socket.h>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>

namespace quire::io::uring {

// When completions come to the queue.
enum class delivery : std::uint8_t {
  when_asked,  // In enter() (DEFER_TASKRUN).
  with_calls,  // Whenever the thread comes back from a call of the system (COOP_TASKRUN).
};

class ring {
 public:
  ring() = default;
  ~ring();
  ring(ring const&) = delete;
  ring& operator=(ring const&) = delete;

  // 0 or an errno.
  [[nodiscard]] int open(unsigned entries, delivery when = delivery::when_asked) noexcept;
  int descriptor() const noexcept { return ring_; }

  // An entry to fill, cleared. Entries go to the kernel in order, at the next enter(), or at once
  // when the queue is full.
  io_uring_sqe& next_entry() noexcept;
  // A message that this entry may name; all but its spans is zero. The kernel copies it when it
  // takes the entry (IORING_FEAT_SUBMIT_STABLE), so no operation has to keep one.
  msghdr& message_of(io_uring_sqe const& entry) noexcept {
    return messages_[static_cast<std::size_t>(&entry - sqes_)];
  }

  // Hands the entries over, now.
  void submit() noexcept;
  // Hands the entries over and waits for a completion, at most this long; max() waits without end.
  // Returns how many completions there are.
  unsigned enter(std::chrono::nanoseconds time_max) noexcept;
  // What the kernel said of the last of these calls: 0, or an errno. Entries that it did not take
  // stay, and go with the next one. To be interrupted, or to wait in vain, is no failure.
  int failure() const noexcept { return failure_; }

  // The completions, oldest first: look at one, then drop it.
  bool has_completion() const noexcept;
  io_uring_cqe const& completion() const noexcept { return cqes_[*cq_head_ & cq_mask_]; }
  void drop_completion() noexcept;

 private:
  int map(io_uring_params const& p) noexcept;
  unsigned pending() const noexcept;
  void call(unsigned wait_for, unsigned flags, void const* argument, std::size_t size) noexcept;

  int ring_ = -1;
  int failure_ = 0;
  bool enabled_ = false;
  void* queues_ = nullptr;
  std::size_t queues_size_ = 0;
  io_uring_sqe* sqes_ = nullptr;
  std::size_t sqes_size_ = 0;
  std::unique_ptr<msghdr[]> messages_;  // One for each of them.
  unsigned* sq_head_ = nullptr;
  unsigned* sq_tail_ = nullptr;
  unsigned sq_entries_ = 0;
  unsigned sq_mask_ = 0;
  unsigned tail_ = 0;  // Ours; the kernel's follows in submit().
  unsigned* cq_head_ = nullptr;
  unsigned* cq_tail_ = nullptr;
  unsigned cq_mask_ = 0;
  io_uring_cqe* cqes_ = nullptr;
};

}  // namespace quire::io::uring
