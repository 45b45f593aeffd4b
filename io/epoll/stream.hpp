// Streams, listeners and their operations on epoll. They hold what the proactor knows of them.
//
// Sizes: a stream 24 bytes, a receive operation 48. With its timer (64) an idle connection costs the
// I/O layer 136 bytes; no table grows with the number of streams.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/io/contract.hpp>
#include <quire/io/endpoint.hpp>
#include <quire/io/operation.hpp>
#include <quire/io/posix/memory_file.hpp>
#include <quire/io/ready_list.hpp>

#include <cassert>
#include <cstdint>
#include <span>

namespace quire::io::epoll {

class receive_operation;

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

// After success it owns the connection until adopt() or discard().
class accept_operation : public operation {
 public:
  accept_operation() = default;
  ~accept_operation() { assert(descriptor_ < 0); }

  endpoint peer() const noexcept { return peer_; }

 private:
  friend class proactor;
  listener* listener_ = nullptr;
  endpoint peer_;
  int descriptor_ = -1;
};

class connect_operation : public operation {
 private:
  friend class proactor;
  stream* stream_ = nullptr;
};

class receive_operation : public operation {
 public:
  // Clause 5. Stays until it is changed.
  void policy(receive_policy p) noexcept { policy_ = p; }

 private:
  friend class proactor;
  receive_policy policy_ = receive_policy::on_demand;  // First: it fits behind the operation's own.
  stream* stream_ = nullptr;
  buffer* buffer_ = nullptr;
};

class send_operation : public operation {
 private:
  friend class proactor;
  stream* stream_ = nullptr;
  std::span<const_span const> spans_;
  posix::file_part part_;  // Behind them.
};

static_assert(sizeof(void*) != 8 || (sizeof(stream) <= 24 && sizeof(receive_operation) <= 48));

}  // namespace quire::io::epoll
