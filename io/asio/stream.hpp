// Streams, listeners and their operations on Asio.
//
// What Asio's handlers refer to, a channel, lives on the heap: a stream may be closed and destroyed
// while Asio still holds a handler for it, which then finds that the channel has no owner. The channel
// is made when the stream is opened; nothing is allocated afterwards.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/io/asio/handler_memory.hpp>
#include <quire/io/contract.hpp>
#include <quire/io/endpoint.hpp>
#include <quire/io/operation.hpp>
#include <quire/io/posix/memory_file.hpp>
#include <quire/io/ready_list.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cassert>
#include <memory>
#include <span>

namespace quire::io::asio {

class stream;
class listener;
class receive_operation;

using executor = boost::asio::io_context::executor_type;
using tcp_socket = boost::asio::basic_stream_socket<boost::asio::ip::tcp, executor>;
using tcp_acceptor = boost::asio::basic_socket_acceptor<boost::asio::ip::tcp, executor>;

struct channel {
  channel(boost::asio::io_context& context, stream& s) : socket(context), owner(&s) {}
  tcp_socket socket;
  stream* owner;  // nullptr once it is closed.
  handler_memory reading;
  handler_memory writing;
};

struct listening_channel {
  listening_channel(boost::asio::io_context& context, listener& l) : acceptor(context), owner(&l) {}
  tcp_acceptor acceptor;
  listener* owner;
  handler_memory waiting;
};

class stream {
 public:
  stream() = default;
  stream(stream const&) = delete;
  stream& operator=(stream const&) = delete;
  ~stream() { assert(!is_open()); }

  bool is_open() const noexcept { return channel_ != nullptr; }

 private:
  friend class proactor;
  std::shared_ptr<channel> channel_;
  receive_operation* receiving_ = nullptr;
  operation* sending_ = nullptr;  // Or connecting.
  bool readable_ = false;
  bool writable_ = true;
  bool connecting_ = false;
  bool waits_to_read_ = false;
  bool waits_to_write_ = false;
};

class listener {
 public:
  listener() = default;
  listener(listener const&) = delete;
  listener& operator=(listener const&) = delete;
  ~listener() { assert(!is_open()); }

  bool is_open() const noexcept { return channel_ != nullptr; }

 private:
  friend class proactor;
  std::shared_ptr<listening_channel> channel_;
  operation_list waiting_;  // accept_operation.
  bool waits_ = false;
};

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

}  // namespace quire::io::asio
