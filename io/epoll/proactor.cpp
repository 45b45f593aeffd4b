#include <quire/io/epoll/proactor.hpp>
#include <quire/io/posix/error.hpp>
#include <quire/io/posix/signals.hpp>

namespace quire::io::epoll {

proactor::proactor(options const& o, error& e) noexcept
    : file_loop([](void* loop) noexcept { static_cast<proactor*>(loop)->wake_.set(); }, this),
      pages_(o.pool) {
  e = open(o);
}

error proactor::open(options const& o) noexcept {
  if (error const e = interest_.open(); e != error::none) return e;
  if (error const e = wake_.open(); e != error::none) return e;
  if (error const e = interest_.add(wake_.get(), role::wake, this); e != error::none) return e;
  posix::signals_blocked const blocked;  // The threads inherit it: signals are the program's.
  read_clock();
  return start_threads(o.blocking_threads, o.blocking_calls_max);
}

proactor::~proactor() {
  stop_threads();
}

std::size_t proactor::run_once(wait w) noexcept {
  start_calls();
  sent_.begin_turn();
  send_queued();
  // Where large sends are left, others have just been sent, and are ready.
  std::span<epoll_event const> const events = interest_.wait(wait_max(w));
  read_clock();
  for (epoll_event const& event : events) handle(event);
  std::size_t count = deliver();
  while ((!sends_.empty() || may_send_large()) && count < deliveries_max) {
    send_queued();
    count += ready_.deliver(deliveries_max - count);
  }
  return count;
}

void proactor::handle(epoll_event const& event) noexcept {
  switch (interest::role_of(event)) {
    case role::stream:
      return handle(interest::target_of<stream>(event), event.events);
    case role::listener: {
      auto& l = interest::target_of<listener>(event);
      l.readable_ = true;
      return try_accept(l);
    }
    case role::wake:
      return posts_.take(ready_);
  }
}

}  // namespace quire::io::epoll
