// Accepting and sending, where a connection is a descriptor, of which back ends know the same
// things. The proactor of each, a friend, reads and writes the members.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/operation.hpp>
#include <quire/io/posix/descriptor.hpp>
#include <quire/io/posix/memory_file.hpp>

#include <cassert>
#include <span>
#include <utility>

namespace quire::io::posix {

// After success it owns the connection until adopt() or discard(). Those that wait are in the
// listener's list `waiting_`.
template <class Proactor, class Listener>
class basic_accept_operation : public operation {
 public:
  basic_accept_operation() = default;
  ~basic_accept_operation() { assert(!connection_); }

  endpoint peer() const noexcept { return peer_; }

 private:
  friend Proactor;

  // For adopt() and discard().
  [[nodiscard]] descriptor take_connection() noexcept {
    assert(idle() && connection_);
    return std::move(connection_);
  }

  Listener* listener_ = nullptr;
  endpoint peer_;
  descriptor connection_;
};

// Sends when the stream takes something.
template <class Proactor, class Stream>
class basic_send_operation : public operation {
  friend Proactor;
  Stream* stream_ = nullptr;
  std::span<const_span const> spans_;
  file_part part_;  // Behind them.
};

}  // namespace quire::io::posix
