#include <quire/io/iocp/acceptor.hpp>
#include <quire/io/iocp/winsock.hpp>
#include <quire/io/windows/error.hpp>

#include <cassert>
#include <new>
#include <utility>

namespace quire::io::iocp {
namespace {

static_assert(sizeof(sockaddr_in6) <= 28);

// The connection went away before it was accepted. The next one may be good.
bool is_of_the_connection(error e) noexcept {
  return e == error::connection_reset || e == error::broken_pipe || e == error::timed_out ||
         e == error::unreachable;
}

}  // namespace

error acceptor::open(endpoint const& where, listen_options const& how) noexcept {
  owned_socket s;
  if (error const e = open_listener(where, how.backlog, s); e != error::none) return e;
  if (error const e = port_.add(handle_of(s.get()), source::acceptor); e != error::none) return e;
  where_ = local_endpoint(s.get());
  no_delay_ = how.no_delay;
  listening_.reset(s.release());
  for (slot& each : slots_) {
    each.owner = this;
    each.next = std::exchange(idle_, &each);
  }
  // One is enough to begin with; why there are not more is said when they are wanted.
  error const e = start_idle();
  return outstanding_ != 0 ? error::none : e;
}

error acceptor::add(listener& l) noexcept {
  std::lock_guard const lock(mutex_);
  try {
    members_.push_back(&l);
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  return error::none;
}

bool acceptor::remove(listener& l) noexcept {
  std::lock_guard const lock(mutex_);
  assert(l.waiting_.empty());
  std::erase(members_, &l);
  turn_ = 0;
  return members_.empty();
}

void acceptor::accept(listener& l, accept_operation& op, ready_list& ready) noexcept {
  std::lock_guard const lock(mutex_);
  if (slot* const s = accepted_front_) {
    accepted_front_ = s->next;
    if (accepted_front_ == nullptr) accepted_back_ = nullptr;
    hand_over(*s, op);
    ready.finish(op, error::none);
    renew(*s);
    return;
  }
  error const e = start_idle();
  if (outstanding_ == 0) return ready.finish(op, e);
  l.waiting_.push(op);
}

bool acceptor::cancel(accept_operation& op) noexcept {
  std::lock_guard const lock(mutex_);
  return op.listener_->waiting_.remove(op);
}

void acceptor::close() noexcept {
  std::lock_guard const lock(mutex_);
  listening_.reset();
  while (accepted_front_ != nullptr) {
    accepted_front_->socket.reset();
    accepted_front_ = accepted_front_->next;
  }
}

bool acceptor::finished() noexcept {
  std::lock_guard const lock(mutex_);
  return !listening_ && outstanding_ == 0;
}

acceptor& acceptor::owner(void* subject) noexcept {
  return *static_cast<slot*>(static_cast<overlapped*>(subject))->owner;
}

error acceptor::start(slot& s) noexcept {
  if (error const e = open_socket(where_.v6, s.socket); e != error::none) return e;
  static_cast<overlapped&>(s) = {};
  s.socket.lose_context();
  DWORD received = 0;
  BOOL const done = extensions().accept(listening_.get(), s.socket.get(), s.addresses.data(), 0,
                                        address_size, address_size, &received, native(s));
  int const number = done ? 0 : ::WSAGetLastError();
  if (number != 0 && number != WSA_IO_PENDING) {
    s.socket.reset();
    return nt::translate(static_cast<std::uint32_t>(number));
  }
  // The port reports it, also when a connection was there already.
  ++outstanding_;
  return error::none;
}

error acceptor::start_idle() noexcept {
  while (idle_ != nullptr) {
    if (error const e = start(*idle_); e != error::none) return e;
    idle_ = std::exchange(idle_->next, nullptr);
  }
  return error::none;
}

// A slot whose connection was taken waits for the next one, or, when that cannot be, until an
// accept() tries again.
void acceptor::renew(slot& s) noexcept {
  if (start(s) != error::none) s.next = std::exchange(idle_, &s);
}

void acceptor::came(void* subject, ready_list& ready) noexcept {
  auto& s = *static_cast<slot*>(static_cast<overlapped*>(subject));
  std::lock_guard const lock(mutex_);
  --outstanding_;
  if (!listening_) return s.socket.reset();
  settle(s, ready);
}

void acceptor::settle(slot& s, ready_list& ready) noexcept {
  error e = nt::translate(nt::error_number(static_cast<std::int32_t>(s.system_status)));
  if (e == error::none) e = update_accept_context(s.socket, listening_.get());
  if (e == error::none && no_delay_) e = set_no_delay(s.socket.get());
  accept_operation* const op = e == error::none ? next_waiting() : nullptr;
  if (e == error::none && op == nullptr) return keep(s);
  if (op != nullptr) {
    hand_over(s, *op);
    deliver(*op, error::none, ready);
  }
  s.socket.reset();
  renew(s);
  if (e != error::none && !is_of_the_connection(e)) fail_waiting(e, ready);
  if (outstanding_ == 0) fail_waiting(error::too_many_open_files, ready);
}

void acceptor::keep(slot& s) noexcept {
  s.next = nullptr;
  (accepted_back_ != nullptr ? accepted_back_->next : accepted_front_) = &s;
  accepted_back_ = &s;
}

// Of the members that wait, the one that has not had one for longest.
accept_operation* acceptor::next_waiting() noexcept {
  for (std::size_t i = 0; i != members_.size(); ++i) {
    listener& l = *members_[turn_];
    turn_ = (turn_ + 1) % members_.size();
    if (!l.waiting_.empty()) return &static_cast<accept_operation&>(l.waiting_.pop());
  }
  return nullptr;
}

void acceptor::hand_over(slot& s, accept_operation& op) noexcept {
  sockaddr* local = nullptr;
  sockaddr* remote = nullptr;
  int local_size = 0;
  int remote_size = 0;
  extensions().addresses_of_accepted(s.addresses.data(), 0, address_size, address_size, &local,
                                     &local_size, &remote, &remote_size);
  op.peer_ = remote != nullptr ? to_endpoint(*remote) : endpoint{};
  op.socket_.reset(s.socket.release());
}

void acceptor::deliver(accept_operation& op, error e, ready_list& ready) noexcept {
  if (delivery_ == delivery::ready) return ready.finish(op, e);
  operation_access::finish(op, e, 0);
  op.listener_->port_->post(source::accepted, &op);
}

void acceptor::fail_waiting(error e, ready_list& ready) noexcept {
  while (accept_operation* const op = next_waiting()) deliver(*op, e, ready);
}

}  // namespace quire::io::iocp
