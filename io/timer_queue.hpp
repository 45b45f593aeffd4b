// Timers in the order of their deadlines: a pairing heap of intrusive nodes.
//
// Nothing is allocated and no system call is made. Adding a timer and moving its deadline forward
// cost O(1); taking the first and removing one cost O(log n), amortised.
//
// Lazy re-arm: a timer whose deadline moves back stays where it is in the heap; only the deadline
// is stored. When its old place comes up, it is put in its new one. So a timeout that is renewed
// with each request costs one store a request.
//
// Invariants:
//   1. key_ <= deadline_ of each queued timer; the heap is ordered by key_.
//   2. A timer leaves by pop_expired() only when key_ == deadline_, so the order of firing is the
//      order of deadlines.
#pragma once

#include <quire/io/operation.hpp>
#include <quire/io/ready_list.hpp>

#include <chrono>

namespace quire::io {

// Time since some fixed moment: monotonic, unaffected by clock changes.
using instant = std::chrono::nanoseconds;

// Fires once at its deadline, with error::none, or completes with error::canceled.
class timer : public operation {
 public:
  // The deadline of the last schedule().
  instant deadline() const noexcept { return deadline_; }

 private:
  friend class timer_queue;

  // The next sibling lies in the link of the operation.
  timer* child_ = nullptr;
  timer* previous_ = nullptr;  // The sibling before, or the parent of a first child.
  instant deadline_{};
  instant key_{};
};

class timer_queue {
 public:
  bool empty() const noexcept { return root_ == nullptr; }

  // Nothing fires before this instant. Requires: not empty.
  instant next() const noexcept { return root_->key_; }

  // Adds an idle timer, or moves the deadline of a queued one.
  void schedule(timer& t, instant deadline) noexcept;

  // Takes t out, if it is queued; false if it is not.
  bool remove(timer& t) noexcept;

  // Takes out the first timer whose deadline is not after `now`; nullptr if there is none.
  timer* pop_expired(instant now) noexcept;

 private:
  void insert(timer& t) noexcept;
  // Makes the later of two roots the first child of the other, which is returned.
  static timer* merge(timer* a, timer* b) noexcept;
  // Makes one root of those that are linked as siblings; nullptr of none.
  static timer* merge_siblings(timer* first) noexcept;
  // Unlinks a timer that is not the root, with its children.
  static void detach(timer& t) noexcept;
  static timer* sibling(timer const& t) noexcept;
  static void set_sibling(timer& t, timer* next) noexcept;

  timer* root_ = nullptr;
};

static_assert(sizeof(void*) != 8 || sizeof(timer) <= 64);

}  // namespace quire::io
