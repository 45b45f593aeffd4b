// The ready list: operations that have an outcome and wait for run_once() to deliver it. First in,
// first out (clause 4), intrusive, so that an operation that finishes at once costs no trip through the
// kernel's queue and no allocation (clause 3).
#pragma once

#include <quire/io/operation.hpp>

#include <cstddef>

namespace quire::io {

// What back ends, and only they, may do with an operation.
struct operation_access {
  static void submit(operation& op, std::uint8_t kind) noexcept {
    op.in_flight_ = true;
    op.kind_ = kind;
    op.flags_ = 0;
    op.result_ = error::none;
    op.transferred_ = 0;
  }
  static void finish(operation& op, error result, std::uint32_t transferred) noexcept {
    op.result_ = result;
    op.transferred_ = transferred;
  }
  static std::uint8_t kind(operation const& op) noexcept { return op.kind_; }
  static std::uint8_t& flags(operation& op) noexcept { return op.flags_; }
  static operation*& next(operation& op) noexcept { return op.next_; }
  // Idle first, then the call: the owner may submit it again or destroy it.
  static void deliver(operation& op) noexcept {
    op.in_flight_ = false;
    op.complete_(op.owner_);
  }
};

class ready_list {
 public:
  bool empty() const noexcept { return front_ == nullptr; }

  void push(operation& op) noexcept {
    op.next_ = nullptr;
    if (back_ != nullptr) {
      back_->next_ = &op;
    } else {
      front_ = &op;
    }
    back_ = &op;
  }

  // Requires: not empty.
  operation& pop() noexcept {
    operation& op = *front_;
    front_ = op.next_;
    if (front_ == nullptr) back_ = nullptr;
    return op;
  }

  // Delivers at most `count_max` outcomes; those that owners add meanwhile wait for their turn behind
  // the others. Returns how many were delivered.
  std::size_t deliver(std::size_t count_max) noexcept {
    std::size_t count = 0;
    while (front_ != nullptr && count != count_max) {
      operation_access::deliver(pop());
      ++count;
    }
    return count;
  }

 private:
  operation* front_ = nullptr;
  operation* back_ = nullptr;
};

}  // namespace quire::io
