// Send, connect and the life of a stream.
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/socket.hpp>
#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/tags.hpp>

#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <climits>
#include <utility>

namespace quire::io::uring {
namespace {

// While it lives, calls on the socket do not wait. The kernel looks at the flag when a request is
// started or goes on, which it does only when the ring is entered.
class not_waiting {
 public:
  explicit not_waiting(int socket) noexcept : socket_(socket) {
    ::fcntl(socket_, F_SETFL, O_NONBLOCK);
  }
  ~not_waiting() { ::fcntl(socket_, F_SETFL, 0); }
  not_waiting(not_waiting const&) = delete;
  not_waiting& operator=(not_waiting const&) = delete;

 private:
  int socket_;
};

}  // namespace

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept {
  assert(s.is_open());
  submit(op, kind::send);
  bool const one = spans.size() == 1;
  io_uring_sqe& entry = entry_for(op, one ? IORING_OP_SEND : IORING_OP_SENDMSG, s.descriptor_);
  entry.msg_flags = MSG_NOSIGNAL;
  if (one) {
    entry.addr = reinterpret_cast<std::uint64_t>(spans[0].data);
    entry.len = static_cast<std::uint32_t>(std::min<std::size_t>(spans[0].size, INT_MAX));
    return;
  }
  msghdr& message = ring_.message_of(entry);
  message.msg_iov = reinterpret_cast<iovec*>(const_cast<const_span*>(spans.data()));
  message.msg_iovlen = std::min<std::size_t>(spans.size(), IOV_MAX);
  entry.addr = reinterpret_cast<std::uint64_t>(&message);
  entry.len = 1;
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans,
                    memory_file const& f, std::uint64_t offset, std::uint64_t length) noexcept {
  posix::file_part const part(f, offset, length);
  if (part.size == 0 || spans.size() > IOV_MAX) return send(s, op, spans);
  assert(s.is_open());
  submit(op, kind::send_part);
  op.stream_ = &s;
  op.spans_ = spans;
  op.part_ = part;
  s.waits_for_space_ ? wait_to_send_part(op) : try_send_part(op);
}

void proactor::wait_to_send_part(send_operation& op) noexcept {
  entry_for(op, IORING_OP_POLL_ADD, op.stream_->descriptor_).poll32_events = POLLOUT;
}

// The ring would hand a splice to a worker thread of the kernel; so it only says when to go on.
void proactor::try_send_part(send_operation& op) noexcept {
  int const socket = op.stream_->descriptor_;
  posix::send_outcome sent{-1, false};
  int number = 0;
  {
    not_waiting const now(socket);
    sent = posix::send_with_part(socket, op.spans_, op.part_);
    number = sent.size < 0 ? errno : 0;
  }
  if (number == EAGAIN) return wait_to_send_part(op);
  op.stream_->waits_for_space_ = sent.is_filled || op.part_.is_cut;
  ready_.finish(op, posix::translate(number),
                static_cast<std::size_t>(std::max<ssize_t>(sent.size, 0)));
}

void proactor::connect(stream& s, endpoint const& where, connect_operation& op) noexcept {
  assert(!s.is_open());
  submit(op, kind::connect);
  posix::descriptor socket;
  if (error const e = posix::open_socket(where, posix::blocking::yes, socket); e != error::none) {
    return ready_.finish(op, e);
  }
  op.stream_ = &s;
  op.descriptor_ = socket.release();
  socklen_t const size = posix::to_address(where, op.address_);
  io_uring_sqe& entry = entry_for(op, IORING_OP_CONNECT, op.descriptor_);
  entry.addr = reinterpret_cast<std::uint64_t>(&op.address_);
  entry.off = size;
}

void proactor::connected(connect_operation& op, int result) noexcept {
  posix::descriptor socket(std::exchange(op.descriptor_, -1));
  if (result == 0) op.stream_->descriptor_ = socket.release();
  ready_.finish(op, posix::translate(-result));
}

void proactor::shutdown(stream& s) noexcept {
  // It fails only when the connection has ended already.
  static_cast<void>(::shutdown(s.descriptor_, SHUT_WR));
}

void proactor::close(stream& s) noexcept {
  assert(s.is_open());
  forget_reception(s);
  ::close(std::exchange(s.descriptor_, -1));
}

void proactor::abort(stream& s) noexcept {
  posix::reset_on_close(s.descriptor_);
  close(s);
}

}  // namespace quire::io::uring
