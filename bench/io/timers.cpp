// Timers: the heap of the loop beside what the standard library offers.
#include <quire/io/timer_queue.hpp>

#include "bench/io/frame.hpp"
#include "bench/io/measure.hpp"

#include <algorithm>
#include <cstdint>
#include <memory>
#include <queue>
#include <random>
#include <set>
#include <utility>

namespace quire::bench {
namespace {

using io::instant;

// Ours.
class pairing_heap {
 public:
  explicit pairing_heap(std::size_t count) : timers_(std::make_unique<counted[]>(count)) {
    for (std::size_t i = 0; i != count; ++i) timers_[i].bind<&counted::fire>(&timers_[i]);
  }
  void schedule(std::size_t i, instant when) { queue_.schedule(timers_[i], when); }
  void cancel(std::size_t i) {
    if (queue_.remove(timers_[i])) io::operation_access::withdraw(timers_[i]);
  }
  bool expire(instant now) {
    io::timer* const t = queue_.pop_expired(now);
    if (t == nullptr) return false;
    io::operation_access::deliver(*t);
    return true;
  }

 private:
  struct counted : io::timer {
    void fire() noexcept {}
  };
  std::unique_ptr<counted[]> timers_;
  io::timer_queue queue_;
};

// A binary heap: what moves or is cancelled leaves its old entry behind, to be dropped when it
// comes up.
class priority_queue {
 public:
  explicit priority_queue(std::size_t count) : deadlines_(count, never) {}
  void schedule(std::size_t i, instant when) {
    deadlines_[i] = when;
    queue_.emplace(when, i);
  }
  void cancel(std::size_t i) { deadlines_[i] = never; }
  bool expire(instant now) {
    while (!queue_.empty() && queue_.top().first <= now) {
      auto const [when, i] = queue_.top();
      queue_.pop();
      if (deadlines_[i] != when) continue;
      deadlines_[i] = never;
      return true;
    }
    return false;
  }

 private:
  static constexpr instant never = instant::min();
  using entry = std::pair<instant, std::size_t>;
  std::priority_queue<entry, std::vector<entry>, std::greater<>> queue_;
  std::vector<instant> deadlines_;
};

// A balanced tree.
class tree {
 public:
  explicit tree(std::size_t count) : places_(count, set_.end()) {}
  void schedule(std::size_t i, instant when) {
    cancel(i);
    places_[i] = set_.emplace(when, i).first;
  }
  void cancel(std::size_t i) {
    if (places_[i] != set_.end()) set_.erase(std::exchange(places_[i], set_.end()));
  }
  bool expire(instant now) {
    if (set_.empty() || set_.begin()->first > now) return false;
    places_[set_.begin()->second] = set_.end();
    set_.erase(set_.begin());
    return true;
  }

 private:
  using entry = std::pair<instant, std::size_t>;
  std::set<entry> set_;
  std::vector<std::set<entry>::iterator> places_;
};

// Half of the timers are cancelled, the others expire; before, each is renewed some times, as a
// connection renews its timeout with each request.
template <class Queue>
sample round_of(std::size_t count, std::size_t repeats) {
  constexpr std::size_t renewals = 2;
  pin_to_core(measured_core);
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> numbers(count);
  for (auto& n : numbers) n = random() % 1'000'000'000;
  auto const deadline = [&](std::size_t i, std::size_t later) {
    return instant(numbers[i] + later * 1'000'000'000);
  };
  double scheduled = 0;
  double renewed = 0;
  double advanced = 0;
  double cancelled = 0;
  double expired = 0;
  for (std::size_t repeat = 0; repeat != repeats; ++repeat) {
    Queue q(count);
    stop_watch watch;
    auto const lap = [&](double& sum, std::size_t n) {
      watch.stop();
      sum += watch.thread_ns(n * repeats);
      watch.start();
    };
    for (std::size_t i = 0; i != count; ++i) q.schedule(i, deadline(i, 1));
    lap(scheduled, count);
    for (std::size_t r = 0; r != renewals; ++r) {
      for (std::size_t i = 0; i != count; ++i) q.schedule(i, deadline(i, 2 + r));
    }
    lap(renewed, count * renewals);
    for (std::size_t i = 0; i < count; i += 4) q.schedule(i, deadline(i, 0));
    lap(advanced, (count + 3) / 4);
    for (std::size_t i = 1; i < count; i += 2) q.cancel(i);
    lap(cancelled, count / 2);
    std::size_t fired = 0;
    while (q.expire(instant::max())) ++fired;
    lap(expired, fired);
    require(fired == count - count / 2, "timers fired that were cancelled, or did not fire");
  }
  double const all = scheduled + renewals * renewed + advanced / 4 + (cancelled + expired) / 2;
  return {all, scheduled, renewed, advanced, cancelled, expired};
}

void add(settings const& s, std::vector<group>& groups) {
  for (std::size_t const count : {std::size_t{1000}, std::size_t{1'000'000}}) {
    std::size_t const timers = s.quick ? std::min<std::size_t>(count, 5000) : count;
    std::size_t const repeats = s.quick ? 1 : std::max<std::size_t>(1, 200'000 / timers);
    group g{"timers",
            std::to_string(count) + " timers",
            {{"all, for a timer", "ns"},
             {"schedule", "ns"},
             {"renew", "ns"},
             {"advance", "ns"},
             {"cancel", "ns"},
             {"expire", "ns"}},
            {}};
    g.subjects.push_back({"timer_queue", [=] { return round_of<pairing_heap>(timers, repeats); }});
    g.subjects.push_back(
        {"std::priority_queue", [=] { return round_of<priority_queue>(timers, repeats); }});
    g.subjects.push_back({"std::set", [=] { return round_of<tree>(timers, repeats); }});
    groups.push_back(std::move(g));
  }
}

registered_bench const registration(
    4, {"timers", "schedule, renew, advance, cancel, expire",
        "All timers are scheduled at random instants of a second, each is renewed twice (to later "
        "ones), a quarter is moved to earlier ones, half are cancelled, the others expire.",
        &add});

}  // namespace
}  // namespace quire::bench
