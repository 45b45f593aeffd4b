// Listening and accepting, alone or together with other loops.
#include <quire/io/iocp/proactor.hpp>
#include <quire/io/iocp/shared_listeners.hpp>
#include <quire/io/iocp/socket.hpp>

#include <new>
#include <utility>

namespace quire::io::iocp {

error proactor::listen(listener& l, endpoint const& where, listen_options const& how) noexcept {
  assert(!l.is_open());
  l.port_ = &port_;
  if (how.reuse_port) return shared_listeners::listen(l, where, how, l.acceptor_);
  try {
    auto alone = std::make_unique<acceptor>(port_, acceptor::delivery::ready);
    acceptors_.reserve(acceptors_.size() + 1);
    if (error const e = alone->add(l); e != error::none) return e;
    if (error const e = alone->open(where, how); e != error::none) return e;
    l.acceptor_ = alone.get();
    acceptors_.push_back(std::move(alone));
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  return error::none;
}

endpoint proactor::local_endpoint(listener const& l) const noexcept {
  return l.acceptor_->where();
}

void proactor::close(listener& l) noexcept {
  assert(l.is_open());
  acceptor& a = *std::exchange(l.acceptor_, nullptr);
  if (a.is_shared()) return shared_listeners::leave(l, a);
  static_cast<void>(a.remove(l));
  a.close();
  if (a.finished()) std::erase_if(acceptors_, [&](auto const& each) { return each.get() == &a; });
}

void proactor::accept(listener& l, accept_operation& op) noexcept {
  assert(l.is_open() && !op.socket_);
  operation_access::submit(op);
  op.listener_ = &l;
  l.acceptor_->accept(l, op, ready_);
}

void proactor::discard(accept_operation& op) noexcept {
  assert(op.idle() && op.socket_);
  op.socket_.reset();
}

void proactor::cancel(accept_operation& op) noexcept {
  if (op.idle() || !op.listener_->acceptor_->cancel(op)) return;
  ready_.finish(op, error::canceled);
}

}  // namespace quire::io::iocp
