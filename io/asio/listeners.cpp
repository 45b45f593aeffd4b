// Listening and accepting.
#include <quire/io/asio/proactor.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/socket.hpp>

#include <boost/asio/bind_allocator.hpp>

#include <new>
#include <utility>

namespace quire::io::asio {

using boost::asio::ip::tcp;
using boost::system::error_code;

error proactor::listen(listener& l, endpoint const& where, listen_options const& how) noexcept {
  assert(!l.is_open());
  posix::descriptor socket;
  error const opened = posix::open_listener(where, how, posix::blocking::no, socket);
  if (opened != error::none) return opened;
  try {
    l.channel_ = std::make_shared<listening_channel>(*context_, l);
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  error_code e;
  l.channel_->acceptor.assign(where.v6 ? tcp::v6() : tcp::v4(), socket.get(), e);
  if (!e) {
    static_cast<void>(socket.release());
    l.channel_->acceptor.non_blocking(true, e);
  }
  // Else Asio would wait, here, for the next connection in the place of one that is lost.
  using boost::asio::socket_base;
  if (!e) l.channel_->acceptor.set_option(socket_base::enable_connection_aborted(true), e);
  if (e) l.channel_ = nullptr;
  l.waits_ = false;
  return posix::translate(e.value());
}

endpoint proactor::local_endpoint(listener const& l) const noexcept {
  return posix::local_endpoint(l.channel_->acceptor.native_handle());
}

void proactor::close(listener& l) noexcept {
  assert(l.is_open() && l.waiting_.empty());
  error_code ignored;
  l.channel_->owner = nullptr;
  l.channel_->acceptor.close(ignored);
  l.channel_ = nullptr;
}

void proactor::accept(listener& l, accept_operation& op) noexcept {
  assert(l.is_open() && !op.connection_);
  operation_access::submit(op);
  op.listener_ = &l;
  l.waiting_.push(op);
  if (!l.waits_) try_accept(l);
}

void proactor::wait_to_accept(listener& l) noexcept {
  if (std::exchange(l.waits_, true)) return;
  l.channel_->acceptor.async_wait(
      boost::asio::socket_base::wait_read,
      boost::asio::bind_allocator(handler_allocator<void>(l.channel_->waiting),
                                  [this, c = l.channel_](error_code) {
                                    if (c->owner == nullptr) return;
                                    c->owner->waits_ = false;
                                    try_accept(*c->owner);
                                  }));
}

void proactor::try_accept(listener& l) noexcept {
  while (!l.waiting_.empty()) {
    error_code e;
    tcp_socket socket(*context_);
    l.channel_->acceptor.accept(socket, e);
    if (e == boost::asio::error::would_block) return wait_to_accept(l);
    if (posix::is_of_the_connection(e.value())) continue;
    auto& op = static_cast<accept_operation&>(l.waiting_.pop());
    if (!e) {
      op.peer_ = posix::peer_endpoint(socket.native_handle());
      // The stream that adopts it gives it to Asio again.
      op.connection_.reset(socket.release(e));
    }
    ready_.finish(op, posix::translate(e.value()));
  }
}

error proactor::adopt(stream& s, accept_operation& op) noexcept {
  assert(!s.is_open());
  return open_stream(s, op.take_connection(), op.peer_.v6);
}

}  // namespace quire::io::asio
