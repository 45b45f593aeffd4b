// The simulated network.
#include <quire/io/receive_space.hpp>
#include <quire/io/sim/proactor.hpp>

#include <algorithm>
#include <utility>

namespace quire::io::sim {

void connect_operation::due() noexcept {
  loop_->establish(*this);
}
void receive_operation::due() noexcept {
  loop_->due(*this);
}
void send_operation::due() noexcept {
  loop_->due(*this);
}
void socket::on_arrival() noexcept {
  loop.arrived(*this);
}

error proactor::listen(listener& l, endpoint const& where, listen_options const& how) noexcept {
  assert(!l.open_);
  if (strikes(0)) return error::address_in_use;
  l.local_ = where;
  if (l.local_.port == 0) l.local_.port = next_port_++;
  for (listener const* const other : listeners_) {
    bool const shared = other->reuse_port_ && how.reuse_port && !how.sole;
    if (other->local_ == l.local_ && !shared) return error::address_in_use;
  }
  l.open_ = true;
  l.reuse_port_ = how.reuse_port;
  listeners_.push_back(&l);
  return error::none;
}

void proactor::close(listener& l) noexcept {
  assert(l.open_ && l.waiting_.empty());
  l.open_ = false;
  std::erase(listeners_, &l);
  for (std::unique_ptr<socket>& s : l.backlog_) forget(*s, true);
  l.backlog_.clear();
}

void proactor::accept(listener& l, accept_operation& op) noexcept {
  assert(l.open_ && op.socket_ == nullptr);
  operation_access::submit(op);
  op.listener_ = &l;
  if (strikes(settings_.faults.accept_fails)) {
    return finish(op, "accept", 0, error::too_many_open_files);
  }
  l.waiting_.push(op);
  try_accept(l);
}

void proactor::try_accept(listener& l) noexcept {
  while (!l.waiting_.empty() && !l.backlog_.empty()) {
    if (open_count_ >= settings_.descriptors_max) {
      finish(l.waiting_.pop(), "accept", 0, error::too_many_open_files);
      continue;
    }
    std::unique_ptr<socket> connection = std::move(l.backlog_.front());
    l.backlog_.erase(l.backlog_.begin());
    if (chance(settings_.faults.accept_loses)) {
      forget(*connection, true);
      continue;
    }
    auto& op = static_cast<accept_operation&>(l.waiting_.pop());
    op.socket_ = std::move(connection);
    op.peer_ = op.socket_->remote;
    finish(op, "accept", op.socket_->id, error::none);
  }
}

error proactor::adopt(stream& s, accept_operation& op) noexcept {
  assert(op.idle() && op.socket_ != nullptr && !s.is_open());
  if (strikes(0)) {
    discard(op);
    return error::no_memory;
  }
  s.socket_ = std::move(op.socket_);
  s.socket_->owner = &s;
  return error::none;
}

void proactor::discard(accept_operation& op) noexcept {
  forget(*op.socket_, true);
  op.socket_ = nullptr;
}

void proactor::cancel(accept_operation& op) noexcept {
  if (op.idle() || !op.listener_->waiting_.remove(op)) return;
  finish(op, "accept", 0, error::canceled);
}

listener* proactor::find(endpoint const& where) noexcept {
  auto const listens = [&](listener const* l) {
    bool const any = l->local_.address == std::array<std::uint8_t, 16>{};
    return l->local_.port == where.port && (any || l->local_.address == where.address);
  };
  auto const count =
      static_cast<std::uint64_t>(std::count_if(listeners_.begin(), listeners_.end(), listens));
  if (count == 0) return nullptr;
  // Listeners that share a port share its connections at random.
  std::uint64_t chosen = count == 1 ? 0 : random_.below(count);
  return *std::find_if(listeners_.begin(), listeners_.end(),
                       [&](listener const* l) { return listens(l) && chosen-- == 0; });
}

void proactor::connect(stream& s, endpoint const& where, connect_operation& op) noexcept {
  assert(!s.is_open());
  begin(op);
  op.stream_ = &s;
  op.where_ = where;
  if (strikes(0)) return finish(op, "connect", 0, error::connection_refused);
  if (!delay(op, settings_.faults.late_network)) establish(op);
}

void proactor::establish(connect_operation& op) noexcept {
  listener* const l = find(op.where_);
  if (l == nullptr) return finish(op, "connect", 0, error::connection_refused);
  if (open_count_ >= settings_.descriptors_max) {
    return finish(op, "connect", 0, error::too_many_open_files);
  }
  auto near = std::make_unique<socket>(*this, ++sockets_made_, settings_.pipe_size);
  auto far = std::make_unique<socket>(*this, ++sockets_made_, settings_.pipe_size);
  open_count_ += 2;
  near->peer = far.get();
  far->peer = near.get();
  near->local = op.where_;
  near->local.port = next_port_++;
  near->remote = far->local = op.where_;
  far->remote = near->local;
  near->owner = op.stream_;
  finish(op, "connect", near->id, error::none);
  op.stream_->socket_ = std::move(near);
  l->backlog_.push_back(std::move(far));
  try_accept(*l);
}

void proactor::cancel(connect_operation& op) noexcept {
  cancel_delayed(op, "connect");
}

void proactor::receive(stream& s, receive_operation& op, buffer& into) noexcept {
  assert(s.is_open() && s.receiving_ == nullptr);
  begin(op);
  op.stream_ = &s;
  op.buffer_ = &into;
  s.receiving_ = &op;
  if (strikes(settings_.faults.reset)) return break_connection(*s.socket_);
  if (op.policy_ == receive_policy::pinned && into.writable() == 0) {
    if (page* const p = pages_->acquire()) into.push(p);
  }
  if (!delay(op, settings_.faults.late_network)) try_receive(s);
}

void proactor::due(receive_operation& op) noexcept {
  stream& s = *op.stream_;
  try_receive(s);
  if (s.receiving_ == &op && op.canceling_) finish_receive(s, error::canceled, 0);
}

void proactor::finish_receive(stream& s, error e, std::size_t n) noexcept {
  receive_operation& op = *std::exchange(s.receiving_, nullptr);
  if (kernel_.remove(op.delay_)) operation_access::withdraw(op.delay_);
  finish(op, "receive", s.socket_->id, e, n);
}

void proactor::try_receive(stream& s) noexcept {
  socket& from = *s.socket_;
  if (s.receiving_ == nullptr) return;
  if (from.reset) return finish_receive(s, error::connection_reset, 0);
  if (!s.receiving_->delay_.idle() && !s.receiving_->canceling_) return;
  if (from.arrived == 0) {
    if (from.end_arrived) finish_receive(s, error::none, 0);
    return;
  }
  if (chance(settings_.faults.pool_dry)) return finish_receive(s, error::no_memory, 0);
  receive_space space(*s.receiving_->buffer_, *pages_);
  if (space.size() == 0) return finish_receive(s, error::no_memory, 0);
  std::size_t n = std::min(from.arrived, space.size());
  if (chance(settings_.faults.short_receive)) n = 1 + random_.below(n);
  std::size_t left = n;
  for (mutable_span const& span : space.spans()) {
    std::size_t const here = std::min(left, span.size);
    from.incoming.read(span.data, here);
    left -= here;
  }
  space.commit(n);
  from.arrived -= n;
  finish_receive(s, error::none, n);
  // There is room again for the peer.
  if (from.peer != nullptr && from.peer->owner != nullptr) try_send(*from.peer->owner);
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept {
  assert(s.is_open() && s.sending_ == nullptr);
  begin(op);
  op.stream_ = &s;
  op.spans_ = spans;
  op.part_.size = 0;
  start(s, op);
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans,
                    memory_file const& f, std::uint64_t offset, std::uint64_t length) noexcept {
  assert(s.is_open() && s.sending_ == nullptr && f.sealed_);
  assert(offset <= f.size() && length <= f.size() - offset);
  begin(op);
  op.stream_ = &s;
  op.spans_ = spans;
  op.part_ = {f.bytes_.data() + offset, static_cast<std::size_t>(length)};
  start(s, op);
}

void proactor::start(stream& s, send_operation& op) noexcept {
  s.sending_ = &op;
  if (strikes(settings_.faults.reset)) return break_connection(*s.socket_);
  if (!delay(op, settings_.faults.late_network)) try_send(s);
}

void proactor::due(send_operation& op) noexcept {
  stream& s = *op.stream_;
  try_send(s);
  if (s.sending_ == &op && op.canceling_) finish_send(s, error::canceled, 0);
}

void proactor::finish_send(stream& s, error e, std::size_t n) noexcept {
  send_operation& op = *std::exchange(s.sending_, nullptr);
  if (kernel_.remove(op.delay_)) operation_access::withdraw(op.delay_);
  finish(op, "send", s.socket_->id, e, n);
}

void proactor::try_send(stream& s) noexcept {
  socket& from = *s.socket_;
  if (s.sending_ == nullptr) return;
  if (from.reset) return finish_send(s, error::connection_reset, 0);
  if (!s.sending_->delay_.idle() && !s.sending_->canceling_) return;
  std::size_t total = s.sending_->part_.size;
  for (const_span const& span : s.sending_->spans_) total += span.size;
  if (total == 0) return finish_send(s, error::none, 0);
  if (from.peer == nullptr || from.ended) return finish_send(s, error::broken_pipe, 0);
  socket& to = *from.peer;
  std::size_t n = std::min(total, to.incoming.room());
  if (n == 0) return;
  if (chance(settings_.faults.short_send)) n = 1 + random_.below(n);
  std::size_t left = n;
  for (const_span const& span : s.sending_->spans_) {
    std::size_t const here = std::min(left, span.size);
    to.incoming.write(span.data, here);
    left -= here;
  }
  to.incoming.write(s.sending_->part_.data, left);
  finish_send(s, error::none, n);
  on_the_way(to);
}

void proactor::on_the_way(socket& to) noexcept {
  if (!to.arrival.idle()) return;
  if (!chance(settings_.faults.late_network)) return arrived(to);
  kernel_.schedule(to.arrival, now_ + some_delay());
}

// All that was sent so far has arrived, in order: the end after the bytes.
void proactor::arrived(socket& at) noexcept {
  at.arrived = at.incoming.size();
  at.end_arrived = at.peer_ended;
  if (at.owner != nullptr) try_receive(*at.owner);
}

void proactor::shutdown(stream& s) noexcept {
  socket& from = *s.socket_;
  from.ended = true;
  if (from.peer == nullptr) return;
  from.peer->peer_ended = true;
  on_the_way(*from.peer);
}

void proactor::break_connection(socket& s) noexcept {
  for (socket* const end : {&s, s.peer}) {
    if (end == nullptr) continue;
    end->reset = true;
    if (end->owner == nullptr) continue;
    try_receive(*end->owner);
    try_send(*end->owner);
  }
}

// This end is gone. The peer hears of it: a reset at once, an end after the bytes.
void proactor::forget(socket& s, bool reset) noexcept {
  s.owner = nullptr;
  if (kernel_.remove(s.arrival)) operation_access::withdraw(s.arrival);
  --open_count_;
  socket* const peer = std::exchange(s.peer, nullptr);
  if (peer == nullptr) return;
  peer->peer = nullptr;
  if (reset) return break_connection(*peer);
  peer->peer_ended = true;
  on_the_way(*peer);
  if (peer->owner != nullptr) try_send(*peer->owner);
}

void proactor::close(stream& s) noexcept {
  assert(s.is_open() && s.receiving_ == nullptr && s.sending_ == nullptr);
  forget(*s.socket_, false);
  s.socket_ = nullptr;
}

void proactor::abort(stream& s) noexcept {
  assert(s.is_open() && s.receiving_ == nullptr && s.sending_ == nullptr);
  forget(*s.socket_, true);
  s.socket_ = nullptr;
}

void proactor::cancel(receive_operation& op) noexcept {
  if (op.idle() || op.stream_->receiving_ != &op || !cancel_wins(op)) return;
  finish_receive(*op.stream_, error::canceled, 0);
}

void proactor::cancel(send_operation& op) noexcept {
  if (op.idle() || op.stream_->sending_ != &op || !cancel_wins(op)) return;
  finish_send(*op.stream_, error::canceled, 0);
}

}  // namespace quire::io::sim
