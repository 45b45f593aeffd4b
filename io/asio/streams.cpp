// Receive, send, connect and the life of a stream.
#include <quire/io/asio/proactor.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/socket.hpp>
#include <quire/io/receive_space.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <array>
#include <cerrno>
#include <new>
#include <utility>

namespace quire::io::asio {
namespace {

using boost::system::error_code;

error translate(error_code const& e) noexcept {
  return posix::translate(e.value());
}

bool would_block(error_code const& e) noexcept {
  return e == boost::asio::error::would_block || e == boost::asio::error::try_again;
}

// As many as Asio hands to the system in one call.
constexpr std::size_t spans_max = 64;

template <class Buffer>
class buffers {
 public:
  template <class Spans>
  explicit buffers(Spans spans) noexcept : size_(std::min(spans.size(), spans_max)) {
    for (std::size_t i = 0; i != size_; ++i) {
      buffers_[i] = Buffer(spans[i].data, spans[i].size);
      bytes_ += spans[i].size;
    }
  }
  std::size_t bytes() const noexcept { return bytes_; }
  Buffer const* begin() const noexcept { return buffers_.data(); }
  Buffer const* end() const noexcept { return buffers_.data() + size_; }

 private:
  std::size_t size_;
  std::size_t bytes_ = 0;
  std::array<Buffer, spans_max> buffers_;
};

}  // namespace

error proactor::open_stream(stream& s, int descriptor, bool v6) noexcept {
  posix::descriptor socket(descriptor);
  try {
    s.channel_ = std::make_shared<channel>(*context_, s);
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  error_code e;
  using boost::asio::ip::tcp;
  s.channel_->socket.assign(v6 ? tcp::v6() : tcp::v4(), socket.get(), e);
  if (!e) {
    static_cast<void>(socket.release());
    s.channel_->socket.non_blocking(true, e);
  }
  if (e) {
    s.channel_ = nullptr;
    return translate(e);
  }
  s.readable_ = s.waits_to_read_ = s.waits_to_write_ = s.connecting_ = false;
  s.writable_ = true;
  return error::none;
}

void proactor::wait_to_read(stream& s) noexcept {
  if (std::exchange(s.waits_to_read_, true)) return;
  s.channel_->socket.async_wait(
      boost::asio::socket_base::wait_read,
      boost::asio::bind_allocator(handler_allocator<void>(s.channel_->reading),
                                  [this, c = s.channel_](error_code) {
                                    if (c->owner == nullptr) return;
                                    c->owner->waits_to_read_ = false;
                                    c->owner->readable_ = true;
                                    if (c->owner->receiving_ != nullptr) try_receive(*c->owner);
                                  }));
}

void proactor::wait_to_write(stream& s) noexcept {
  if (std::exchange(s.waits_to_write_, true)) return;
  s.channel_->socket.async_wait(
      boost::asio::socket_base::wait_write,
      boost::asio::bind_allocator(
          handler_allocator<void>(s.channel_->writing), [this, c = s.channel_](error_code) {
            if (c->owner == nullptr) return;
            stream& owner = *c->owner;
            owner.waits_to_write_ = false;
            owner.writable_ = true;
            if (owner.connecting_) {
              finish_connect(owner, posix::take_error(c->socket.native_handle()));
            } else if (owner.sending_ != nullptr) {
              try_send(owner);
            }
          }));
}

void proactor::receive(stream& s, receive_operation& op, buffer& into) noexcept {
  assert(s.is_open() && s.receiving_ == nullptr);
  operation_access::submit(op);
  op.stream_ = &s;
  op.buffer_ = &into;
  s.receiving_ = &op;
  if (op.policy_ == receive_policy::pinned && into.writable() == 0) {
    if (page* const p = pages_->acquire()) into.push(p);
  }
  s.readable_ ? try_receive(s) : wait_to_read(s);
}

void proactor::try_receive(stream& s) noexcept {
  receive_space space(*s.receiving_->buffer_, *pages_);
  if (space.size() == 0) {
    return ready_.finish(*std::exchange(s.receiving_, nullptr), error::no_memory);
  }
  error_code e;
  buffers<boost::asio::mutable_buffer> const into(space.spans());
  std::size_t const received = s.channel_->socket.read_some(into, e);
  if (e == boost::asio::error::eof) e = {};
  space.commit(received);
  if (would_block(e)) {
    s.readable_ = false;
    return wait_to_read(s);
  }
  // Less than there was room for: there is no more. The end stays readable.
  s.readable_ = received == 0 || received == into.bytes();
  ready_.finish(*std::exchange(s.receiving_, nullptr), translate(e), received);
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept {
  assert(s.is_open() && s.sending_ == nullptr);
  operation_access::submit(op);
  op.stream_ = &s;
  op.spans_ = spans;
  s.sending_ = &op;
  s.writable_ ? try_send(s) : wait_to_write(s);
}

void proactor::try_send(stream& s) noexcept {
  auto& op = static_cast<send_operation&>(*s.sending_);
  error_code e;
  buffers<boost::asio::const_buffer> const from(op.spans_);
  std::size_t const sent = from.bytes() == 0 ? 0 : s.channel_->socket.write_some(from, e);
  if (would_block(e)) {
    s.writable_ = false;
    return wait_to_write(s);
  }
  s.writable_ = sent == from.bytes();
  s.sending_ = nullptr;
  ready_.finish(op, translate(e), sent);
}

void proactor::connect(stream& s, endpoint const& where, connect_operation& op) noexcept {
  assert(!s.is_open());
  operation_access::submit(op);
  op.stream_ = &s;
  posix::descriptor socket;
  if (error const e = posix::open_socket(where, posix::blocking::no, socket); e != error::none) {
    return ready_.finish(op, e);
  }
  sockaddr_storage address;
  socklen_t const size = posix::to_address(where, address);
  int const r = ::connect(socket.get(), reinterpret_cast<sockaddr const*>(&address), size);
  if (r != 0 && errno != EINPROGRESS && errno != EINTR) {
    return ready_.finish(op, posix::translate(errno));
  }
  if (error const e = open_stream(s, socket.release(), where.v6); e != error::none) {
    return ready_.finish(op, e);
  }
  s.sending_ = &op;
  s.connecting_ = true;
  wait_to_write(s);
}

void proactor::finish_connect(stream& s, error result) noexcept {
  operation& op = *std::exchange(s.sending_, nullptr);
  s.connecting_ = false;
  if (result != error::none) close(s);
  ready_.finish(op, result);
}

void proactor::shutdown(stream& s) noexcept {
  error_code ignored;  // It fails only when the connection has ended already.
  s.channel_->socket.shutdown(boost::asio::socket_base::shutdown_send, ignored);
}

void proactor::close(stream& s) noexcept {
  assert(s.is_open() && s.receiving_ == nullptr && s.sending_ == nullptr);
  error_code ignored;
  s.channel_->owner = nullptr;
  s.channel_->socket.close(ignored);
  s.channel_ = nullptr;
}

void proactor::abort(stream& s) noexcept {
  posix::reset_on_close(s.channel_->socket.native_handle());
  close(s);
}

void proactor::cancel(connect_operation& op) noexcept {
  if (op.idle() || op.stream_->sending_ != &op) return;
  finish_connect(*op.stream_, error::canceled);
}

// Asio goes on waiting for the stream, whoever asks next.
void proactor::cancel(receive_operation& op) noexcept {
  if (op.idle() || op.stream_->receiving_ != &op) return;
  op.stream_->receiving_ = nullptr;
  ready_.finish(op, error::canceled);
}

void proactor::cancel(send_operation& op) noexcept {
  if (op.idle() || op.stream_->sending_ != &op) return;
  op.stream_->sending_ = nullptr;
  ready_.finish(op, error::canceled);
}

}  // namespace quire::io::asio
