// Streams, listeners and their operations on epoll. They hold what the proactor knows of them.
//
// Sizes: a stream 24 bytes, a receive operation 48, a send operation 88. With its timer (64) an
// idle connection that sends from an object of a pool costs the I/O layer 136 bytes; no table grows
// with the number of streams.
#pragma once

#include <quire/io/operation.hpp>
#include <quire/io/posix/stream_operations.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/stream_operations.hpp>

#include <cassert>
#include <cstdint>
#include <span>

namespace quire::io::epoll {

class proactor;
class stream;
using receive_operation = basic_receive_operation<proactor, stream>;

// A connection. Open from adopt() or a successful connect() to close() or abort().
class stream {
 public:
  stream() = default;
  stream(stream const&) = delete;
  stream& operator=(stream const&) = delete;
  ~stream() { assert(!is_open()); }

  bool is_open() const noexcept { return descriptor_ >= 0; }

 private:
  friend class proactor;

  receive_operation* receiving_ = nullptr;  // Waits for bytes.
  operation* sending_ = nullptr;            // Waits for space, or for the connection.
  int descriptor_ = -1;
  // What is known of the socket between two edges.
  bool readable_ = false;
  bool writable_ = true;
  bool ended_ = false;  // The peer has shut down or there is an error: there is no further edge.
  bool connecting_ = false;
};

class listener {
 public:
  listener() = default;
  listener(listener const&) = delete;
  listener& operator=(listener const&) = delete;
  ~listener() { assert(!is_open()); }

  bool is_open() const noexcept { return descriptor_ >= 0; }

 private:
  friend class proactor;

  operation_list waiting_;  // accept_operation.
  int descriptor_ = -1;
  bool readable_ = false;
};

using accept_operation = posix::basic_accept_operation<proactor, listener>;

using connect_operation = basic_connect_operation<proactor, stream>;
using send_operation = posix::basic_send_operation<proactor, stream>;

static_assert(sizeof(void*) != 8 || (sizeof(stream) <= 24 && sizeof(receive_operation) <= 48 &&
                                     sizeof(send_operation) <= 88));

}  // namespace quire::io::epoll
