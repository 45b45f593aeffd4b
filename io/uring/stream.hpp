// Streams, listeners, and their operations on io_uring. The kernel knows an operation by its
// address, so what a completion needs is found there.
//
// Sizes: a stream 8 bytes and its reception 16 (receptions.hpp), a receive operation 48, a send
// operation 88; with its timer (64) an idle connection that sends from an object of a pool costs
// the I/O layer 136 bytes.
#pragma once

#include <quire/io/operation.hpp>
#include <quire/io/posix/files.hpp>
#include <quire/io/posix/stream_operations.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/stream_operations.hpp>

#include <sys/socket.h>

#include <cassert>
#include <cstdint>
#include <span>
#include <vector>

namespace quire::io::uring {

class proactor;

class stream {
 public:
  stream() = default;
  stream(stream const&) = delete;
  stream& operator=(stream const&) = delete;
  ~stream() { assert(!is_open()); }

  bool is_open() const noexcept { return descriptor_ >= 0; }

  static constexpr std::uint32_t no_reception = (std::uint32_t{1} << 31) - 1;

 private:
  friend class proactor;
  int descriptor_ = -1;
  std::uint32_t reception_ : 31 = no_reception;  // From the first receive on.
  std::uint32_t waits_for_space_ : 1 = false;    // Before a part is sent.
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
  operation_list waiting_;     // accept_operation.
  std::vector<int> accepted_;  // Nobody has asked for them yet.
  std::uint64_t number_ = 0;   // Of the multishot accept that is in flight; 0 when there is none.
  int descriptor_ = -1;
};

using accept_operation = posix::basic_accept_operation<proactor, listener>;

class connect_operation : public operation {
 private:
  friend class proactor;
  stream* stream_ = nullptr;
  sockaddr_storage address_;
  int descriptor_ = -1;
};

using receive_operation = basic_receive_operation<proactor, stream>;

// With a part of a memory file this thread sends, whenever the stream can take it.
using send_operation = posix::basic_send_operation<proactor, stream>;

class read_operation : public operation {
 private:
  friend class proactor;
  std::span<mutable_span const> spans_;  // What is still to be filled; the first one from skip_ on.
  std::size_t skip_ = 0;
  std::uint64_t offset_ = 0;
  std::uint32_t done_ = 0;
  file_mode mode_ = file_mode::buffered;  // That the kernel was asked for.
  posix::file* file_ = nullptr;
};

static_assert(sizeof(void*) != 8 || (sizeof(stream) <= 8 && sizeof(receive_operation) <= 48 &&
                                     sizeof(send_operation) <= 88));

}  // namespace quire::io::uring
