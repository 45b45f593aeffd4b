// An operation: one asynchronous request, embedded in its owner.
//
// It holds the owner's address and a function to call, the link of the one list in which it can be,
// and the outcome. 32 bytes on a 64-bit machine, of which one is left to who derives from it;
// nothing is allocated, nothing is virtual. The back ends derive their operations from it and add
// what their kernel must find at a fixed address.
//
// Lifetime: from submission to completion the operation and the memory that it names stay where
// they are (clause 7). In the completion it is idle: it may be submitted again or destroyed (clause
// 6).
#pragma once

#include <quire/io/error.hpp>

#include <cstdint>

namespace quire::io {

class operation {
 public:
  // Called on the loop's thread, from run_once() only.
  using completion = void (*)(void* owner) noexcept;

  operation() = default;
  operation(operation const&) = delete;
  operation& operator=(operation const&) = delete;

  // The completion calls (owner->*Member)(). Requires: idle.
  template <auto Member, class Owner>
  void bind(Owner* owner) noexcept {
    owner_ = owner;
    complete_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
  }

  // False from submission until the completion is called.
  bool idle() const noexcept { return !in_flight_; }

  // The outcome of the last completion.
  error result() const noexcept { return result_; }
  // Bytes received, sent or read.
  std::uint32_t transferred() const noexcept { return transferred_; }

 private:
  friend struct operation_access;

  operation* next_ = nullptr;
  completion complete_ = nullptr;
  void* owner_ = nullptr;
  std::uint32_t transferred_ = 0;
  error result_ = error::none;
  bool in_flight_ = false;
  std::uint8_t flags_ = 0;  // For the back end; zero at submission.
};

}  // namespace quire::io
