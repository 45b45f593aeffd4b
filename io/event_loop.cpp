#include <quire/io/event_loop.hpp>

#include <algorithm>

namespace quire::io {

instant event_loop::wait_max(wait w) const noexcept {
  if (w == wait::no || !ready_.empty()) return instant::zero();
  if (timers_.empty()) return forever;
  return std::max(timers_.next() - now_, instant::zero());
}

// What has arrived goes before the timers: bytes that came in time beat their timeout.
std::size_t event_loop::deliver() noexcept {
  constexpr std::size_t for_timers = deliveries_max / 4;
  ready_.begin_turn();
  std::size_t count = ready_.deliver(deliveries_max - for_timers);
  std::size_t const count_max = count + for_timers;
  while (count != count_max) {
    timer* const t = timers_.pop_expired(now_);
    if (t == nullptr) break;
    operation_access::deliver(*t);
    ++count;
  }
  return count;
}

}  // namespace quire::io
