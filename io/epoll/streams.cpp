// Receive, send, connect and the life of a stream.
#include <quire/io/epoll/proactor.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/receive.hpp>
#include <quire/io/posix/socket.hpp>
#include <quire/io/receive_space.hpp>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace quire::io::epoll {
namespace {

msghdr message_of(void const* spans, std::size_t count) noexcept {
  msghdr message{};
  message.msg_iov = static_cast<iovec*>(const_cast<void*>(spans));
  message.msg_iovlen = count;
  return message;
}

// By the system call itself: see posix/receive.hpp.
ssize_t call_send(int socket, std::span<const_span const> spans) noexcept {
  if (spans.size() == 1) {
    return ::syscall(SYS_sendto, socket, spans[0].data, spans[0].size, MSG_NOSIGNAL, nullptr, 0);
  }
  msghdr const message = message_of(spans.data(), spans.size());
  return ::syscall(SYS_sendmsg, socket, &message, MSG_NOSIGNAL);
}

std::size_t size_of(std::span<const_span const> spans) noexcept {
  std::size_t n = 0;
  for (const_span const& s : spans) n += s.size;
  return n;
}

posix::send_outcome send_from(int socket, std::span<const_span const> spans) noexcept {
  ssize_t n = -1;
  do n = call_send(socket, spans);
  while (n < 0 && errno == EINTR);
  return {n, n >= 0 && static_cast<std::size_t>(n) < size_of(spans)};
}

}  // namespace

void proactor::handle(stream& s, std::uint32_t events) noexcept {
  constexpr std::uint32_t ends = EPOLLRDHUP | EPOLLHUP | EPOLLERR;
  if ((events & (EPOLLIN | ends)) != 0) s.readable_ = true;
  if ((events & ends) != 0) s.ended_ = true;
  if ((events & (EPOLLOUT | EPOLLHUP | EPOLLERR)) != 0) s.writable_ = true;
  if (s.connecting_) {
    if (s.writable_) finish_connect(s, posix::take_error(s.descriptor_));
    return;
  }
  if (s.receiving_ != nullptr && s.readable_) try_receive(s);
  if (s.sending_ != nullptr && s.writable_) queue(static_cast<send_operation&>(*s.sending_));
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
  if (s.readable_) try_receive(s);
}

void proactor::try_receive(stream& s) noexcept {
  receive_operation& op = *s.receiving_;
  receive_space space(*op.buffer_, *pages_);
  if (space.size() == 0) {
    s.receiving_ = nullptr;
    return ready_.finish(op, error::no_memory);
  }
  ssize_t const n = posix::receive_into(s.descriptor_, space.spans(), 0);
  int const number = n < 0 ? errno : 0;
  auto const received = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
  space.commit(received);
  if (number == EAGAIN) {
    s.readable_ = s.ended_ = false;
    return;
  }
  s.readable_ = s.ended_ || received == space.size();
  s.receiving_ = nullptr;
  ready_.finish(op, posix::translate(number), received);
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept {
  assert(s.is_open() && s.sending_ == nullptr);
  operation_access::submit(op);
  op.stream_ = &s;
  op.spans_ = spans.first(std::min<std::size_t>(spans.size(), IOV_MAX));
  op.part_.size = 0;
  s.sending_ = &op;
  if (s.writable_) queue(op);
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
  if (s.writable_) queue(op);
}

// Puts a send on a writable stream behind the others of its kind.
void proactor::queue(send_operation& op) noexcept {
  if (std::exchange(operation_access::flags(op), queued) == queued) return;
  std::size_t const size = size_of(op.spans_) + op.part_.size;
  (is_large(size) ? large_sends_ : sends_).push(op);
}

void proactor::send_queued() noexcept {
  while (!sends_.empty()) try_send(static_cast<send_operation&>(sends_.pop()));
  while (may_send_large()) {
    sent_.add(try_send(static_cast<send_operation&>(large_sends_.pop())));
  }
}

// Returns how much the socket took.
std::size_t proactor::try_send(send_operation& op) noexcept {
  operation_access::flags(op) = 0;
  stream& s = *op.stream_;
  posix::send_outcome const sent = op.part_.size != 0
                                       ? posix::send_with_part(s.descriptor_, op.spans_, op.part_)
                                       : send_from(s.descriptor_, op.spans_);
  int const number = sent.size < 0 ? errno : 0;
  // What is full, or has had its share, is written to when the kernel says that there is space.
  bool const is_full = number == EAGAIN || sent.is_filled;
  s.writable_ = !is_full && !(op.part_.is_cut && interest_.report_again(s.descriptor_, &s));
  if (number == EAGAIN) return 0;
  s.sending_ = nullptr;
  auto const size = static_cast<std::size_t>(std::max<ssize_t>(sent.size, 0));
  ready_.finish(op, posix::translate(number), size);
  return size;
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
  if (error const e = interest_.add(socket.get(), role::stream, &s); e != error::none) {
    return ready_.finish(op, e);
  }
  s.descriptor_ = socket.release();
  s.sending_ = &op;
  s.connecting_ = true;
  s.readable_ = s.writable_ = s.ended_ = false;
  if (connected) finish_connect(s, error::none);
}

void proactor::finish_connect(stream& s, error result) noexcept {
  operation& op = *std::exchange(s.sending_, nullptr);
  s.connecting_ = false;
  if (result == error::none) {
    s.writable_ = true;
  } else {
    close(s);
  }
  ready_.finish(op, result);
}

void proactor::shutdown(stream& s) noexcept {
  // It fails only when the connection has ended already.
  static_cast<void>(::shutdown(s.descriptor_, SHUT_WR));
}

void proactor::close(stream& s) noexcept {
  assert(s.is_open() && s.receiving_ == nullptr && s.sending_ == nullptr);
  interest_.remove(s.descriptor_);
  ::close(std::exchange(s.descriptor_, -1));
}

void proactor::abort(stream& s) noexcept {
  posix::reset_on_close(s.descriptor_);
  close(s);
}

void proactor::cancel(connect_operation& op) noexcept {
  if (op.idle() || op.stream_->sending_ != &op) return;
  finish_connect(*op.stream_, error::canceled);
}

void proactor::cancel(receive_operation& op) noexcept {
  if (op.idle() || op.stream_->receiving_ != &op) return;
  op.stream_->receiving_ = nullptr;
  ready_.finish(op, error::canceled);
}

void proactor::cancel(send_operation& op) noexcept {
  if (op.idle() || op.stream_->sending_ != &op) return;
  if (operation_access::flags(op) == queued && !sends_.remove(op)) large_sends_.remove(op);
  op.stream_->sending_ = nullptr;
  ready_.finish(op, error::canceled);
}

}  // namespace quire::io::epoll
