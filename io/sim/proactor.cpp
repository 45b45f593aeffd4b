#include <quire/io/sim/proactor.hpp>

#include <algorithm>
#include <cinttypes>

namespace quire::io::sim {

proactor::proactor(options const& o, settings const& s, error& e) noexcept
    : event_loop([](void* loop) noexcept { static_cast<proactor*>(loop)->posted_.release(); }, this),
      settings_(s),
      pages_(o.pool),
      random_(s.seed) {
  now_ = std::chrono::seconds(1);
  files_.tell([this](node& at, std::string_view changed, change what) { tell(at, changed, what); });
  e = error::none;
}

proactor::~proactor() {
  assert(listeners_.empty());
}

std::size_t proactor::run_once(wait w) noexcept {
  now_ += settings_.turn;
  posts_.take(ready_);
  if (w == wait::yes && ready_.empty()) advance_clock();
  while (timer* const t = kernel_.pop_expired(now_)) operation_access::deliver(*t);
  return deliver();
}

// Nobody can do anything: time passes until something happens.
void proactor::advance_clock() noexcept {
  if (stuck()) {
    posted_.acquire();
    return posts_.take(ready_);
  }
  instant next = instant::max();
  if (!timers_.empty()) next = timers_.next();
  if (!kernel_.empty()) next = std::min(next, kernel_.next());
  now_ = std::max(now_, next);
}

bool proactor::chance(std::uint16_t rate) noexcept {
  return rate != 0 && random_.below(1024) < rate;
}

bool proactor::strikes(std::uint16_t rate) noexcept {
  return ++operations_ == settings_.failing_operation || chance(rate);
}

instant proactor::some_delay() noexcept {
  auto const most = static_cast<std::uint64_t>(settings_.faults.delay_max.count());
  return instant(static_cast<std::int64_t>(1 + random_.below(std::max<std::uint64_t>(most, 1))));
}

void proactor::begin(delayed_operation& op) noexcept {
  operation_access::submit(op);
  op.loop_ = this;
  op.canceling_ = false;
}

bool proactor::delay(delayed_operation& op, std::uint16_t rate) noexcept {
  if (!chance(rate)) return false;
  kernel_.schedule(op.delay_, now_ + some_delay());
  return true;
}

void proactor::finish(operation& op, char const* what, std::uint64_t id, error e,
                      std::size_t n) noexcept {
  auto const mix = [this](std::uint64_t x) { trace_hash_ = random_source(trace_hash_ ^ x).next(); };
  mix(static_cast<std::uint64_t>(now_.count()));
  mix(static_cast<std::uint64_t>(what[0]) << 32 | static_cast<std::uint64_t>(e));
  mix(id << 32 ^ n);
  if (trace_ != nullptr) {
    std::fprintf(trace_, "%12" PRId64 " %-7s %6" PRIu64 " %.*s %zu\n",
                 static_cast<std::int64_t>(now_.count()), what, id,
                 static_cast<int>(io::name(e).size()), io::name(e).data(), n);
  }
  ready_.finish(op, e, n);
}

bool proactor::cancel_wins(delayed_operation& op) noexcept {
  if (op.canceling_) return false;
  op.canceling_ = chance(settings_.faults.cancel_loses);
  if (!op.canceling_) {
    // The delay's own completion is of no use any more.
    if (kernel_.remove(op.delay_)) operation_access::withdraw(op.delay_);
    return true;
  }
  if (op.delay_.idle()) kernel_.schedule(op.delay_, now_ + some_delay());
  return false;
}

void proactor::cancel_delayed(delayed_operation& op, char const* what) noexcept {
  if (op.idle() || op.delay_.idle()) return;
  if (cancel_wins(op)) finish(op, what, 0, error::canceled);
}

}  // namespace quire::io::sim
