// Streams, listeners and their operations on Asio.
//
// What Asio's handlers refer to, a channel, lives on the heap: a stream may be closed and destroyed
// while Asio still holds a handler for it, which then finds that the channel has no owner. The
// channel is made when the stream is opened; nothing is allocated afterwards.
#pragma once

#include <quire/io/asio/handler_memory.hpp>
#include <quire/io/operation.hpp>
#include <quire/io/posix/stream_operations.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/stream_operations.hpp>

#include <boost/asio/basic_socket_acceptor.hpp>
#include <boost/asio/basic_stream_socket.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cassert>
#include <memory>
#include <span>

namespace quire::io::asio {

class proactor;
class stream;
class listener;
using receive_operation = basic_receive_operation<proactor, stream>;

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

using accept_operation = posix::basic_accept_operation<proactor, listener>;

using connect_operation = basic_connect_operation<proactor, stream>;
using send_operation = posix::basic_send_operation<proactor, stream>;

}  // namespace quire::io::asio
