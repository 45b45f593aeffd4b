// Listening and accepting: one request brings connections for as long as they are wanted.
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/socket.hpp>
#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/tags.hpp>

#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <new>
#include <utility>

namespace quire::io::uring {
namespace {

// Connections that nobody has asked for; beyond, they wait in the kernel.
constexpr std::size_t accepted_max = 64;

}  // namespace

error proactor::listen(listener& l, endpoint const& where, listen_options const& how) noexcept {
  assert(!l.is_open());
  posix::descriptor socket;
  error const e = posix::open_listener(where, how, posix::blocking::yes, socket);
  if (e != error::none) return e;
  try {
    listeners_.push_back(&l);
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  l.descriptor_ = socket.release();
  l.number_ = 0;
  return error::none;
}

endpoint proactor::local_endpoint(listener const& l) const noexcept {
  return posix::local_endpoint(l.descriptor_);
}

void proactor::close(listener& l) noexcept {
  assert(l.is_open() && l.waiting_.empty());
  // What names this descriptor must be with the kernel before another socket can have its number.
  ring_.submit();
  std::erase(listeners_, &l);
  for (int const socket : l.accepted_) ::close(socket);
  l.accepted_.clear();
  // The request in flight would keep the socket open: this ends it.
  ::shutdown(l.descriptor_, SHUT_RDWR);
  ::close(std::exchange(l.descriptor_, -1));
}

void proactor::accept(listener& l, accept_operation& op) noexcept {
  assert(l.is_open() && !op.connection_);
  operation_access::submit(op);
  op.listener_ = &l;
  if (!l.accepted_.empty()) {
    int const socket = l.accepted_.front();
    l.accepted_.erase(l.accepted_.begin());
    return hand_over(op, socket);
  }
  l.waiting_.push(op);
  if (l.number_ == 0) arm(l);
}

void proactor::arm(listener& l) noexcept {
  l.number_ = ++accepts_;
  io_uring_sqe& entry = ring_.next_entry();
  entry.opcode = IORING_OP_ACCEPT;
  entry.fd = l.descriptor_;
  entry.ioprio = IORING_ACCEPT_MULTISHOT;
  entry.accept_flags = SOCK_CLOEXEC;
  entry.user_data = tag(tagged::accept, l.number_);
}

void proactor::accepted(std::uint64_t number, int result, bool more) noexcept {
  posix::descriptor socket(std::max(result, -1));
  auto const it = std::find_if(listeners_.begin(), listeners_.end(),
                               [&](listener const* l) { return l->number_ == number; });
  if (it == listeners_.end()) return;  // It was closed meanwhile.
  listener& l = **it;
  if (!more) l.number_ = 0;
  if (!l.waiting_.empty()) {
    if (socket) {
      hand_over(static_cast<accept_operation&>(l.waiting_.pop()), socket.release());
    } else if (result != -ECANCELED && !posix::is_of_the_connection(-result)) {
      ready_.finish(l.waiting_.pop(), posix::translate(-result));
    }
    if (!more && !l.waiting_.empty()) arm(l);
    return;
  }
  if (!socket) return;
  try {
    l.accepted_.push_back(socket.get());
    static_cast<void>(socket.release());
  } catch (std::bad_alloc const&) {
    return;
  }
  if (!more || l.accepted_.size() != accepted_max) return;
  io_uring_sqe& entry = ring_.next_entry();
  entry.opcode = IORING_OP_ASYNC_CANCEL;
  entry.fd = -1;
  entry.addr = tag(tagged::accept, l.number_);
  entry.user_data = tag(tagged::nothing);
}

void proactor::hand_over(accept_operation& op, int descriptor) noexcept {
  op.connection_.reset(descriptor);
  op.peer_ = posix::peer_endpoint(descriptor);
  ready_.finish(op, error::none);
}

error proactor::adopt(stream& s, accept_operation& op) noexcept {
  assert(!s.is_open());
  s.descriptor_ = op.take_connection().release();
  return error::none;
}

}  // namespace quire::io::uring
