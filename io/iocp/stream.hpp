// Streams, listeners and their operations on a completion port. The system knows an operation by
// the address of its overlapped, so what a completion needs is found there.
//
// Sizes: a stream 16 bytes, a receive operation 88; with its timer (64) an idle connection costs
// the I/O layer 168 bytes.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/iocp/owned_socket.hpp>
#include <quire/io/iocp/port.hpp>
#include <quire/io/operation.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/stream_operations.hpp>
#include <quire/io/windows/files.hpp>

#include <cassert>
#include <cstdint>
#include <span>

namespace quire::io::iocp {

class acceptor;
class proactor;

// A connection. Open from adopt() or a successful connect() to close() or abort().
class stream {
 public:
  stream() = default;
  stream(stream const&) = delete;
  stream& operator=(stream const&) = delete;
  ~stream() { assert(!is_open()); }

  bool is_open() const noexcept { return socket_ != nt::no_socket; }

 private:
  friend class proactor;
  nt::socket_handle socket_ = nt::no_socket;
  bool readable_ = false;  // The last receive left bytes behind.
  bool skips_ = false;     // What succeeds at once is not reported by the port.
};

class listener {
 public:
  listener() = default;
  listener(listener const&) = delete;
  listener& operator=(listener const&) = delete;
  ~listener() { assert(!is_open()); }

  bool is_open() const noexcept { return acceptor_ != nullptr; }

 private:
  friend class acceptor;
  friend class proactor;
  acceptor* acceptor_ = nullptr;
  port* port_ = nullptr;    // Of the loop that listens.
  operation_list waiting_;  // accept_operation. The acceptor's lock guards it.
};

// After success it owns the connection until adopt() or discard().
class accept_operation : public operation {
 public:
  accept_operation() = default;
  ~accept_operation() { assert(!socket_); }

  endpoint peer() const noexcept { return peer_; }

 private:
  friend class acceptor;
  friend class proactor;
  listener* listener_ = nullptr;
  endpoint peer_;
  owned_socket socket_;
};

// What an operation waits for while it is with the system, in its flags.
enum class kind : std::uint8_t { bytes_to_come, receive, send, connect, read };
// Beside it:
inline constexpr std::uint8_t in_slab = 0x20;    // What the system fills in lies in a slab.
inline constexpr std::uint8_t in_system = 0x40;  // A packet of it is to come.
inline constexpr std::uint8_t canceling = 0x80;  // cancel() was called.

inline kind kind_of(operation& op) noexcept {
  return static_cast<kind>(operation_access::flags(op) & ~(in_slab | in_system | canceling));
}
inline bool is_canceling(operation& op) noexcept {
  return (operation_access::flags(op) & canceling) != 0;
}

// An operation that the system carries out.
class request : public operation, private overlapped {
 private:
  friend class proactor;
  // At this address the system knows it.
  inline overlapped& system_part() noexcept;
  static request& of(overlapped& o) noexcept { return static_cast<request&>(o); }
};

class connect_operation : public request {
 private:
  friend class proactor;
  stream* stream_ = nullptr;
  owned_socket socket_;
  bool skips_ = false;
};

using receive_operation = basic_receive_operation<proactor, stream, request>;

class send_operation : public request {
 private:
  friend class proactor;
  stream* stream_ = nullptr;
};

class file : public nt::file {
 private:
  friend class proactor;
  error unusable_ = error::none;  // Why the port does not take it.
  bool was_read_ = false;
  bool skips_ = false;
  bool slab_was_tried_ = false;  // For this handle.
  bool has_slab_ = false;        // Its requests may lie in the slab of the loop.
};

class read_operation : public request {
 private:
  friend class proactor;
  friend class request;
  file* file_ = nullptr;
  nt::handle handle_ = nullptr;          // By which it is read at present.
  iocp::overlapped* in_slab_ = nullptr;  // While the flag says so.
  std::span<mutable_span const> spans_;  // What is still to be filled; the first one from skip_ on.
  std::size_t skip_ = 0;
  std::uint64_t offset_ = 0;
  std::uint32_t done_ = 0;
  std::uint32_t asked_ = 0;               // For how much, the last time.
  file_mode mode_ = file_mode::buffered;  // At that time.
};

inline overlapped& request::system_part() noexcept {
  bool const elsewhere = (operation_access::flags(*this) & in_slab) != 0;
  return elsewhere ? *static_cast<read_operation*>(this)->in_slab_ : *this;
}

static_assert(sizeof(void*) != 8 || (sizeof(stream) <= 16 && sizeof(receive_operation) <= 88));

}  // namespace quire::io::iocp
