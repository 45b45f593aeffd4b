// Receive, send, connect and the life of a stream.
#include <quire/io/asio/proactor.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/socket.hpp>
#include <quire/io/receive_space.hpp>

#include <boost/asio/bind_allocator.hpp>
#include <boost/asio/buffer.hpp>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <cstddef>
#include <iterator>
#include <new>
#include <span>
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

template <class Span>
std::size_t size_of(std::span<Span const> spans) noexcept {
  std::size_t n = 0;
  for (Span const& s : spans) n += s.size;
  return n;
}

// Spans as Asio wants them, each made when it is looked at: nothing is copied, nothing is cleared.
template <class Buffer, class Span>
class buffers {
 public:
  class iterator {
   public:
    using iterator_category = std::bidirectional_iterator_tag;
    using value_type = Buffer;
    using difference_type = std::ptrdiff_t;
    using pointer = void;
    using reference = Buffer;

    iterator() = default;
    explicit iterator(Span const* s) noexcept : span_(s) {}
    Buffer operator*() const noexcept { return Buffer(span_->data, span_->size); }
    iterator& operator++() noexcept { return ++span_, *this; }
    iterator operator++(int) noexcept { return iterator(span_++); }
    iterator& operator--() noexcept { return --span_, *this; }
    iterator operator--(int) noexcept { return iterator(span_--); }
    friend bool operator==(iterator, iterator) = default;

   private:
    Span const* span_ = nullptr;
  };

  explicit buffers(std::span<Span const> spans) noexcept : spans_(spans) {}
  iterator begin() const noexcept { return iterator(spans_.data()); }
  iterator end() const noexcept { return iterator(spans_.data() + spans_.size()); }

 private:
  std::span<Span const> spans_;
};

// Asio has a shorter way for one buffer than for a sequence of them.
std::size_t receive_into(tcp_socket& s, std::span<mutable_span const> spans, error_code& e) {
  using boost::asio::mutable_buffer;
  if (spans.size() == 1) return s.read_some(mutable_buffer(spans[0].data, spans[0].size), e);
  return s.read_some(buffers<mutable_buffer, mutable_span>(spans), e);
}

std::size_t send_from(tcp_socket& s, std::span<const_span const> spans, error_code& e) {
  using boost::asio::const_buffer;
  if (spans.size() == 1) return s.write_some(const_buffer(spans[0].data, spans[0].size), e);
  return s.write_some(buffers<const_buffer, const_span>(spans), e);
}

}  // namespace

error proactor::open_stream(stream& s, posix::descriptor socket, bool v6) noexcept {
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
  std::size_t const received = receive_into(s.channel_->socket, space.spans(), e);
  if (e == boost::asio::error::eof) e = {};
  space.commit(received);
  if (would_block(e)) {
    s.readable_ = false;
    return wait_to_read(s);
  }
  // Less than there was room for: there is no more. The end stays readable.
  s.readable_ = received == 0 || received == space.size();
  ready_.finish(*std::exchange(s.receiving_, nullptr), translate(e), received);
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept {
  assert(s.is_open() && s.sending_ == nullptr);
  operation_access::submit(op);
  op.stream_ = &s;
  op.spans_ = spans.first(std::min(spans.size(), spans_max));
  op.part_.size = 0;
  s.sending_ = &op;
  s.writable_ ? try_send(s) : wait_to_write(s);
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans,
                    memory_file const& f, std::uint64_t offset, std::uint64_t length) noexcept {
  posix::file_part const part(f, offset, length);
  if (part.size == 0 || spans.size() > IOV_MAX) return send(s, op, spans);
  assert(s.is_open() && s.sending_ == nullptr);
  operation_access::submit(op);
  op.stream_ = &s;
  op.spans_ = spans;
  op.part_ = part;
  s.sending_ = &op;
  s.writable_ ? try_send(s) : wait_to_write(s);
}

void proactor::try_send_part(stream& s) noexcept {
  auto& op = static_cast<send_operation&>(*s.sending_);
  auto const sent =
      posix::send_with_part(s.channel_->socket.native_handle(), op.spans_, op.part_);
  int const number = sent.size < 0 ? errno : 0;
  s.writable_ = number != EAGAIN && !sent.is_filled && !op.part_.is_cut;
  if (number == EAGAIN) return wait_to_write(s);
  s.sending_ = nullptr;
  ready_.finish(op, posix::translate(number),
                static_cast<std::size_t>(std::max<ssize_t>(sent.size, 0)));
}

void proactor::try_send(stream& s) noexcept {
  auto& op = static_cast<send_operation&>(*s.sending_);
  if (op.part_.size != 0) return try_send_part(s);
  error_code e;
  std::size_t const size = size_of(op.spans_);
  std::size_t const sent = size == 0 ? 0 : send_from(s.channel_->socket, op.spans_, e);
  if (would_block(e)) {
    s.writable_ = false;
    return wait_to_write(s);
  }
  s.writable_ = sent == size;
  s.sending_ = nullptr;
  ready_.finish(op, translate(e), sent);
}

void proactor::connect(stream& s, endpoint const& where, connect_operation& op) noexcept {
  assert(!s.is_open());
  operation_access::submit(op);
  op.stream_ = &s;
  posix::descriptor socket;
  bool connected = false;
  if (error const e = posix::start_connect(where, socket, connected); e != error::none) {
    return ready_.finish(op, e);
  }
  if (error const e = open_stream(s, std::move(socket), where.v6); e != error::none) {
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
