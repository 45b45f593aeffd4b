// Operations on streams of which back ends know the same things. A back end names its own by them;
// its proactor, a friend, reads and writes the members.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/io/contract.hpp>
#include <quire/io/operation.hpp>

namespace quire::io {

// Base: what the back end needs besides, an operation itself.
template <class Proactor, class Stream, class Base = operation>
class basic_receive_operation : public Base {
 public:
  // Clause 5. Stays until it is changed.
  void policy(receive_policy p) noexcept { policy_ = p; }

 private:
  friend Proactor;
  receive_policy policy_ = receive_policy::on_demand;  // First: it fits behind the operation's own.
  Stream* stream_ = nullptr;
  buffer* buffer_ = nullptr;
};

// Waits until the stream says how it went.
template <class Proactor, class Stream>
class basic_connect_operation : public operation {
  friend Proactor;
  Stream* stream_ = nullptr;
};

}  // namespace quire::io
