// Receiving: one request of a stream brings all that comes for it, as long as it is wanted.
//
// To arm such a request for each receive would take a twentieth of the time of a short request. So
// it stays, and may bring bytes while nobody waits for them: these are kept for the next receive.
// If that has not come when the turn is over, the request is ended, and the rest waits in the
// socket.
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/receive.hpp>
#include <quire/io/receive_space.hpp>
#include <quire/io/uring/proactor.hpp>
#include <quire/io/uring/tags.hpp>

#include <poll.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <utility>

namespace quire::io::uring {
namespace {

// So many pages, of all streams together, may hold bytes that nobody has asked for. Each stream can
// have some when its peer sends much at the wrong time, and peers may agree: beyond, the kernel
// gets no new pages until some of these are taken.
constexpr std::size_t unasked_max = 4 * page_ring::pages_max;

// A few bytes fit behind those that are there: so a peer who drips bytes holds no page for each.
bool append(buffer& b, char const* data, std::size_t size) noexcept {
  mutable_span tail{nullptr, 0};
  b.scatter({&tail, 1});
  if (size > tail.size) return false;
  std::memcpy(tail.data, data, size);
  b.commit_write(size);
  return true;
}

}  // namespace

void proactor::receive(stream& s, receive_operation& op, buffer& into) noexcept {
  assert(s.is_open());
  submit(op, kind::receive);
  op.stream_ = &s;
  op.buffer_ = &into;
  if (op.policy_ == receive_policy::pinned && into.writable() == 0) {
    if (page* const p = pool_->acquire()) into.push(p);
  }
  if (s.reception_ == receptions::none) s.reception_ = receptions_.acquire() & receptions::none;
  if (s.reception_ == receptions::none) return ready_.finish(op, error::no_memory);
  reception& r = receptions_[s.reception_];
  if (r.has_unasked) return take_unasked(r, op);
  if (r.failure != 0) return ready_.finish(op, posix::translate(std::exchange(r.failure, 0)));
  r.waiting = &op;
  if (!r.armed) arm(s);
}

void proactor::arm(stream& s) noexcept {
  receptions_[s.reception_].armed = true;
  io_uring_sqe& entry = ring_.next_entry();
  entry.opcode = IORING_OP_RECV;
  entry.fd = s.descriptor_;
  entry.ioprio = IORING_RECV_MULTISHOT | IORING_RECVSEND_POLL_FIRST;
  entry.flags = IOSQE_BUFFER_SELECT;
  entry.buf_group = page_ring::group;
  entry.user_data = tag(tagged::receive, s.reception_);
}

void proactor::received(std::uint32_t number, io_uring_cqe const& c) noexcept {
  reception& r = receptions_[number];
  if ((c.flags & IORING_CQE_F_MORE) == 0) r.armed = r.ending = false;
  if ((c.flags & IORING_CQE_F_BUFFER) != 0) {
    auto const id = static_cast<std::uint16_t>(c.flags >> IORING_CQE_BUFFER_SHIFT);
    if (c.res <= 0 || r.closed) {
      pages_.put_back(id);
    } else if (r.is_waited_for()) {
      deliver_bytes(*std::exchange(r.waiting, nullptr), id, static_cast<std::size_t>(c.res));
    } else {
      keep_unasked(number, id, static_cast<std::size_t>(c.res));
    }
  }
  if (c.res <= 0 && !r.closed) receiving_ended(r, -c.res);
  if (r.closed && !r.armed) receptions_.release(number);
}

void proactor::deliver_bytes(receive_operation& op, std::uint16_t id, std::size_t size) noexcept {
  if (append(*op.buffer_, pages_.memory(id), size)) {
    pages_.put_back(id);
  } else {
    page* const p = pages_.take(id);
    p->commit_write(size);
    op.buffer_->push(p);
    provide_pages();
  }
  ready_.finish(op, error::none, size);
}

void proactor::keep_unasked(std::uint32_t number, std::uint16_t id, std::size_t size) noexcept {
  page* const p = pages_.take(id);
  p->commit_write(size);
  receptions_[number].keep(*p);
  ++unasked_;
  receptions_.note_unasked(number);
  provide_pages();
}

void proactor::take_unasked(reception& r, receive_operation& op) noexcept {
  std::size_t size = 0;
  while (page* const p = r.take_kept()) {
    --unasked_;
    size += p->readable();
    if (append(*op.buffer_, p->read_position(), p->readable())) {
      pool_->release(p);
    } else {
      op.buffer_->push(p);
    }
  }
  ready_.finish(op, error::none, size);
}

bool proactor::provide_pages() noexcept {
  return unasked_ < unasked_max && pages_.refill();
}

// The request is over: 0, the stream is; an errno, why.
void proactor::receiving_ended(reception& r, int number) noexcept {
  // The kernel ran out of pages, or was told to end it: no outcome of the stream.
  bool const goes_on = number == ENOBUFS || number == ECANCELED;
  if (!r.is_waited_for()) {
    if (!goes_on) r.failure = static_cast<std::uint16_t>(number);
    return;
  }
  if (number == ENOBUFS && !provide_pages()) {
    return receive_when_readable(*std::exchange(r.waiting, nullptr));
  }
  if (goes_on) return arm(*r.waiting->stream_);
  ready_.finish(*std::exchange(r.waiting, nullptr), posix::translate(number));
}

// Without a page of the kernel's: into the buffer's own free space, or a page of the pool if it has
// one when there are bytes for it.
void proactor::receive_when_readable(receive_operation& op) noexcept {
  operation_access::flags(op) = static_cast<std::uint8_t>(kind::readable);
  io_uring_sqe& entry = entry_for(op, IORING_OP_POLL_ADD, op.stream_->descriptor_);
  entry.poll32_events = POLLIN | POLLRDHUP;
}

void proactor::readable(receive_operation& op, int result) noexcept {
  if (result < 0) return ready_.finish(op, posix::translate(-result));
  receive_space space(*op.buffer_, *pool_);
  if (space.size() == 0) return ready_.finish(op, error::no_memory);
  ssize_t const n = posix::receive_into(op.stream_->descriptor_, space.spans(), MSG_DONTWAIT);
  int const number = n < 0 ? errno : 0;
  auto const size = static_cast<std::size_t>(std::max<ssize_t>(n, 0));
  space.commit(size);
  if (number != EAGAIN) return ready_.finish(op, posix::translate(number), size);
  if (is_canceling(op)) return ready_.finish(op, error::canceled);
  receive_when_readable(op);
}

// The request stays with the kernel: who receives next gets what comes.
void proactor::cancel(receive_operation& op) noexcept {
  if (op.idle()) return;
  if (kind_of(op) == kind::readable) return cancel_in_kernel(op);
  reception& r = receptions_[op.stream_->reception_];
  if (r.has_unasked || r.waiting != &op) return;  // It has its outcome.
  r.waiting = nullptr;
  ready_.finish(op, error::canceled);
}

// Nobody has asked for what came: the rest may wait in the socket.
void proactor::end_unasked() noexcept {
  receptions_.end_turn([this](std::uint32_t number) { end_receiving(number); });
}

void proactor::end_receiving(std::uint32_t number) noexcept {
  reception& r = receptions_[number];
  if (!r.armed || r.ending) return;
  r.ending = true;
  io_uring_sqe& entry = ring_.next_entry();
  entry.opcode = IORING_OP_ASYNC_CANCEL;
  entry.fd = -1;
  entry.addr = tag(tagged::receive, number);
  entry.user_data = tag(tagged::nothing);
}

// Before the socket is closed.
void proactor::forget_reception(stream& s) noexcept {
  std::uint32_t const number = s.reception_;
  s.reception_ = receptions::none;
  if (number == receptions::none) return;
  reception& r = receptions_[number];
  assert(!r.is_waited_for());
  while (page* const p = r.take_kept()) {
    --unasked_;
    pool_->release(p);
  }
  if (!r.armed) return receptions_.release(number);
  r.closed = true;
  end_receiving(number);
  // What names this descriptor must be with the kernel before another socket can have its number.
  ring_.submit();
}

}  // namespace quire::io::uring
