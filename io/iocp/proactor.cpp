#include <quire/io/iocp/proactor.hpp>
#include <quire/io/iocp/winsock.hpp>
#include <quire/io/windows/error.hpp>

namespace quire::io::iocp {

proactor::proactor(options const& o, strict_mode const& strict, error& e) noexcept
    : file_loop([](void* loop) noexcept { static_cast<proactor*>(loop)->wake(); }, this),
      pages_(o.pool),
      strict_(strict),
      slab_(strict.functions.lock_requests) {
  e = open(o);
}

error proactor::open(options const& o) noexcept {
  if (error const e = start_sockets(); e != error::none) return e;
  if (error const e = port_.open(); e != error::none) return e;
  read_clock();
  return start_threads(o.blocking_threads, o.blocking_calls_max);
}

// Requests to accept outlive their listener; they end when the system has said so.
proactor::~proactor() {
  stop_threads();
  while (!acceptors_.empty()) {
    port_.wait(std::chrono::nanoseconds::max());
    for (packet p; port_.next(p);) {
      if (p.key == source::acceptor) handle(p);
    }
  }
}

std::size_t proactor::run_once(wait w) noexcept {
  start_calls();
  port_.wait(wait_max(w));
  read_clock();
  for (packet p; port_.next(p);) handle(p);
  return deliver();
}

void proactor::handle(packet const& p) noexcept {
  switch (p.key) {
    case source::request: {
      auto* const o = static_cast<overlapped*>(p.subject);
      request* const owner = slab_.owner_of(o);
      request& op = owner != nullptr ? *owner : request::of(*o);
      return completed(op, take_outcome(op, p));
    }
    case source::acceptor: {
      acceptor& a = acceptor::owner(p.subject);
      a.came(p.subject, ready_);
      if (a.finished())
        std::erase_if(acceptors_, [&](auto const& each) { return each.get() == &a; });
      return;
    }
    case source::accepted:
      return ready_.push(*static_cast<accept_operation*>(p.subject));
    case source::wake:
      return posts_.take(ready_);
  }
}

bool proactor::is_known(request& op, outcome& o, bool skips) noexcept {
  if (o.number != ERROR_SUCCESS && o.number != ERROR_IO_PENDING) return true;
  if (o.number == ERROR_SUCCESS && skips) {
    if (!strict_.toss()) return true;
    // As where the system could not do it at once.
    op.system_part().system_status = 0;
    port_.post(source::request, &op.system_part(), o.count);
    return false;
  }
  operation_access::flags(op) |= in_system;
  packet p;
  // As where the system could do it at once.
  if (!strict_.toss() || !port_.take(op.system_part(), p)) return false;
  o = take_outcome(op, p);
  return true;
}

proactor::outcome proactor::take_outcome(request& op, packet const& p) noexcept {
  operation_access::flags(op) &= static_cast<std::uint8_t>(~in_system);
  auto const status = static_cast<std::int32_t>(op.system_part().system_status);
  return {nt::error_number(status), p.count};
}

void proactor::completed(request& op, outcome o) noexcept {
  error const e = nt::translate(o.number);
  switch (kind_of(op)) {
    case kind::bytes_to_come: {
      if (e != error::none) return ready_.finish(op, e);
      return take_bytes(static_cast<receive_operation&>(op), true);
    }
    case kind::receive:
      static_cast<receive_operation&>(op).buffer_->commit_write(o.count);
      [[fallthrough]];
    case kind::send:
      // Cancelled, but for a part: that is the outcome.
      return ready_.finish(op, o.count != 0 ? error::none : e, o.count);
    case kind::connect:
      return connected(static_cast<connect_operation&>(op), e);
    case kind::read: {
      auto& read = static_cast<read_operation&>(op);
      if (read_came(read, o)) read_on(read);
      return;
    }
  }
}

void proactor::cancel_in_system(request& op, nt::handle h) noexcept {
  if (op.idle()) return;
  std::uint8_t& flags = operation_access::flags(op);
  flags |= canceling;
  // It fails when the request has completed already; its packet is on the way.
  if ((flags & in_system) != 0) ::CancelIoEx(h, native(op.system_part()));
}

}  // namespace quire::io::iocp
