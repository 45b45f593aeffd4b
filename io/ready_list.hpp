// Lists of operations: intrusive, so that they allocate nothing.
//
// The ready list holds operations that have an outcome and wait for run_once() to deliver it, first
// in, first out, what has moved much behind the others (clause 4). An operation that finishes at
// once goes there and costs no trip through the kernel's queue (clause 3).
#pragma once

#include <quire/io/contract.hpp>
#include <quire/io/operation.hpp>

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace quire::io {

// What back ends, and only they, may do with an operation.
struct operation_access {
  // The owner gives it to the loop. Requires: idle and bound.
  static void submit(operation& op) noexcept {
    assert(!op.in_flight_ && op.complete_ != nullptr);
    op.in_flight_ = true;
    op.flags_ = 0;
    op.result_ = error::none;
    op.transferred_ = 0;
  }
  // The outcome is known; it is still to be delivered.
  static void finish(operation& op, error result, std::uint32_t transferred) noexcept {
    op.result_ = result;
    op.transferred_ = transferred;
  }
  static std::uint8_t& flags(operation& op) noexcept { return op.flags_; }
  static operation* next(operation const& op) noexcept { return op.next_; }
  static void set_next(operation& op, operation* next) noexcept { op.next_ = next; }
  // It is idle again without a completion: for what a back end submits to itself.
  static void withdraw(operation& op) noexcept { op.in_flight_ = false; }
  // Idle first, then the call: the owner may submit it again or destroy it.
  static void deliver(operation& op) noexcept {
    op.in_flight_ = false;
    op.complete_(op.owner_);
  }
};

// First in, first out. The operations hold the links.
class operation_list {
 public:
  bool empty() const noexcept { return front_ == nullptr; }

  void push(operation& op) noexcept {
    operation_access::set_next(op, nullptr);
    if (back_ != nullptr) {
      operation_access::set_next(*back_, &op);
    } else {
      front_ = &op;
    }
    back_ = &op;
  }

  // Requires: not empty.
  operation& pop() noexcept {
    operation& op = *front_;
    front_ = operation_access::next(op);
    if (front_ == nullptr) back_ = nullptr;
    return op;
  }

  // Takes out one operation, wherever it is; false if it is not here. Cost: a walk from the front.
  bool remove(operation& op) noexcept {
    operation* before = nullptr;
    for (operation* o = front_; o != nullptr; before = o, o = operation_access::next(*o)) {
      if (o != &op) continue;
      operation* const after = operation_access::next(op);
      if (before != nullptr) {
        operation_access::set_next(*before, after);
      } else {
        front_ = after;
      }
      if (back_ == &op) back_ = before;
      return true;
    }
    return false;
  }

 private:
  operation* front_ = nullptr;
  operation* back_ = nullptr;
};

// Of so many bytes: to move them takes as long as some short requests (clause 4).
inline bool is_large(std::size_t transfer) noexcept {
  return transfer >= large_transfer_min;
}

// The share of a turn that belongs to large transfers.
class large_share {
 public:
  void begin_turn() noexcept { moved_ = 0; }
  void add(std::size_t transfer) noexcept { moved_ += transfer; }
  bool is_whole() const noexcept { return moved_ == 0; }
  bool is_left() const noexcept { return moved_ < large_transfers_max; }

 private:
  std::size_t moved_ = 0;
};

class ready_list {
 public:
  bool empty() const noexcept { return small_.empty() && large_.empty(); }

  // The operation has this outcome; its owner hears of it in its turn.
  void finish(operation& op, error result, std::size_t transferred = 0) noexcept {
    operation_access::finish(op, result, static_cast<std::uint32_t>(transferred));
    push(op);
  }
  // The same, for one that has its outcome already.
  void push(operation& op) noexcept { (is_large(op.transferred()) ? large_ : small_).push(op); }

  // The share of large transfers is whole again.
  void begin_turn() noexcept { share_.begin_turn(); }

  // Delivers at most `count_max` outcomes; those that owners add meanwhile wait for their turn
  // behind the others. Large transfers come when nothing else is ready, as many as their share
  // allows; where that is never so, one. Returns how many were delivered.
  std::size_t deliver(std::size_t count_max) noexcept {
    std::size_t count = 0;
    for (; count != count_max; ++count) {
      bool const is_due = small_.empty() || (count + 1 == count_max && share_.is_whole());
      bool const large = is_due && share_.is_left() && !large_.empty();
      if (!large && small_.empty()) break;
      operation& op = (large ? large_ : small_).pop();
      if (large) share_.add(op.transferred());
      operation_access::deliver(op);
    }
    return count;
  }

 private:
  operation_list small_;
  operation_list large_;
  large_share share_;
};

}  // namespace quire::io
