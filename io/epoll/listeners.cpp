// Listening and accepting.
#include <quire/io/epoll/proactor.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/socket.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <utility>

namespace quire::io::epoll {
error proactor::listen(listener& l, endpoint const& where, listen_options const& how) noexcept {
  assert(!l.is_open());
  posix::descriptor socket;
  error const opened = posix::open_listener(where, how, posix::blocking::no, socket);
  if (opened != error::none) return opened;
  if (error const e = interest_.add(socket.get(), role::listener, &l); e != error::none) return e;
  l.descriptor_ = socket.release();
  l.readable_ = false;
  return error::none;
}

endpoint proactor::local_endpoint(listener const& l) const noexcept {
  return posix::local_endpoint(l.descriptor_);
}

void proactor::close(listener& l) noexcept {
  assert(l.is_open() && l.waiting_.empty());
  interest_.remove(l.descriptor_);
  ::close(std::exchange(l.descriptor_, -1));
}

void proactor::accept(listener& l, accept_operation& op) noexcept {
  assert(l.is_open() && !op.connection_);
  operation_access::submit(op);
  op.listener_ = &l;
  l.waiting_.push(op);
  if (l.readable_) try_accept(l);
}

// One connection for each operation that waits. While the queue may hold more, the next accept()
// finds the listener readable and tries at once.
void proactor::try_accept(listener& l) noexcept {
  while (!l.waiting_.empty()) {
    sockaddr_storage address{};
    socklen_t size = sizeof address;
    int const r = ::accept4(l.descriptor_, reinterpret_cast<sockaddr*>(&address), &size,
                            SOCK_NONBLOCK | SOCK_CLOEXEC);
    int const number = r < 0 ? errno : 0;
    if (number == EAGAIN) {
      l.readable_ = false;
      return;
    }
    if (posix::is_of_the_connection(number)) continue;
    auto& op = static_cast<accept_operation&>(l.waiting_.pop());
    op.connection_.reset(r);
    op.peer_ = posix::to_endpoint(address);
    ready_.finish(op, posix::translate(number));
  }
}

error proactor::adopt(stream& s, accept_operation& op) noexcept {
  assert(!s.is_open());
  posix::descriptor socket = op.take_connection();
  if (error const e = interest_.add(socket.get(), role::stream, &s); e != error::none) return e;
  s.descriptor_ = socket.release();
  // Registering gives an edge for what has arrived already.
  s.readable_ = s.ended_ = false;
  s.writable_ = true;
  return error::none;
}

}  // namespace quire::io::epoll
