#include <quire/io/posix/error.hpp>
#include <quire/io/posix/signals.hpp>
#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/tags.hpp>

#include <poll.h>

#include <cerrno>

namespace quire::io::uring {
namespace {

constexpr unsigned ring_entries = 1024;

}  // namespace

proactor::proactor(options const& o, error& e) noexcept
    : file_loop([](void* loop) noexcept { static_cast<proactor*>(loop)->wake_.set(); }, this),
      pool_(o.pool) {
  e = open(o);
}

error proactor::open(options const& o) noexcept {
  if (int const number = ring_.open(ring_entries); number != 0) {
    return number == EINVAL ? error::unsupported : posix::translate(number);
  }
  if (int const number = pages_.open(ring_.descriptor(), *pool_); number != 0) {
    return number == EINVAL ? error::unsupported : posix::translate(number);
  }
  memory_.open(ring_.descriptor(), *pool_);
  if (error const e = wake_.open(); e != error::none) return e;
  arm_wake();
  posix::signals_blocked const blocked;  // The threads inherit it: signals are the program's.
  read_clock();
  return start_threads(o.blocking_threads, o.blocking_calls_max);
}

proactor::~proactor() {
  stop_threads();
}

void proactor::arm_wake() noexcept {
  io_uring_sqe& entry = ring_.next_entry();
  entry.opcode = IORING_OP_POLL_ADD;
  entry.fd = wake_.get();
  entry.len = IORING_POLL_ADD_MULTI;
  entry.poll32_events = POLLIN;
  entry.user_data = tag(tagged::wake);
}

std::size_t proactor::run_once(wait w) noexcept {
  start_calls();
  provide_pages();
  ring_.enter(wait_max(w));
  read_clock();
  while (ring_.has_completion()) {
    io_uring_cqe const c = ring_.completion();
    ring_.drop_completion();
    handle(c);
  }
  std::size_t const delivered = deliver();
  if (ready_.empty()) end_unasked();
  return delivered;
}

void proactor::handle(io_uring_cqe const& c) noexcept {
  switch (tag_of(c.user_data)) {
    case tagged::wake:
      if ((c.flags & IORING_CQE_F_MORE) == 0) arm_wake();
      return posts_.take(ready_);
    case tagged::accept:
      return accepted(number_of(c.user_data), c.res, (c.flags & IORING_CQE_F_MORE) != 0);
    case tagged::receive:
      return received(static_cast<std::uint32_t>(number_of(c.user_data)), c);
    case tagged::nothing:
      return;
    case tagged::operation:
      break;
  }
  operation& op = operation_of(c.user_data);
  switch (kind_of(op)) {
    case kind::receive:
      return;  // Its reception tells.
    case kind::readable:
      return readable(static_cast<receive_operation&>(op), c.res);
    case kind::connect:
      return connected(static_cast<connect_operation&>(op), c.res);
    case kind::read:
      return read_came(static_cast<read_operation&>(op), c.res);
    case kind::send_part:
      if (c.res < 0) return ready_.finish(op, posix::translate(-c.res));
      if (is_canceling(op)) return ready_.finish(op, error::canceled);
      return try_send_part(static_cast<send_operation&>(op));
    case kind::send:
      return c.res < 0 ? ready_.finish(op, posix::translate(-c.res))
                       : ready_.finish(op, error::none, static_cast<std::size_t>(c.res));
  }
}

io_uring_sqe& proactor::entry_for(operation& op, unsigned char opcode, int descriptor) noexcept {
  io_uring_sqe& entry = ring_.next_entry();
  entry.opcode = opcode;
  entry.fd = descriptor;
  entry.user_data = tag(op);
  return entry;
}

// Entries are carried out in order: an operation that has completed, and was submitted again, comes
// behind this one.
void proactor::cancel_in_kernel(operation& op) noexcept {
  if (op.idle()) return;
  operation_access::flags(op) |= canceling;
  io_uring_sqe& entry = ring_.next_entry();
  entry.opcode = IORING_OP_ASYNC_CANCEL;
  entry.fd = -1;
  entry.addr = tag(op);
  entry.user_data = tag(tagged::nothing);
}

}  // namespace quire::io::uring
