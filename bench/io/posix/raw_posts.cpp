#include "bench/io/raw_posts.hpp"

#include <quire/io/posix/descriptor.hpp>

#include "bench/io/posts.hpp"

#include <sys/eventfd.h>

#include <mutex>
#include <utility>

namespace quire::bench {
namespace {

struct link {
  std::atomic<link*> next{nullptr};
};

link* next_of(link const& l) {
  return l.next.load(std::memory_order_relaxed);
}
void set_next(link& l, link* next) {
  l.next.store(next, std::memory_order_relaxed);
}

// Links in order, from the first to the last.
struct chain {
  link* first = nullptr;
  link* last = nullptr;

  void push(link& l) {
    set_next(l, nullptr);
    last != nullptr ? set_next(*last, &l) : void(first = &l);
    last = &l;
  }
};

// A list under a lock, of which the consumer takes at most `TakeMax` at a time; 0: all.
template <std::size_t TakeMax>
class locked_queue {
 public:
  // True when it was empty: somebody must wake the consumer.
  bool push(chain const& c) {
    std::lock_guard const lock(mutex_);
    bool const was_empty = all_.first == nullptr;
    was_empty ? void(all_.first = c.first) : set_next(*all_.last, c.first);
    all_.last = c.last;
    return was_empty;
  }
  // The oldest ones, as links; nullptr when there are none.
  link* take() {
    std::lock_guard const lock(mutex_);
    link* const first = all_.first;
    if (TakeMax == 0 || first == nullptr) return std::exchange(all_, {}).first;
    link* last = first;
    for (std::size_t n = 1; n != TakeMax && next_of(*last) != nullptr; ++n) last = next_of(*last);
    all_.first = next_of(*last);
    set_next(*last, nullptr);
    return first;
  }
  static constexpr bool takes_all = TakeMax == 0;

 private:
  std::mutex mutex_;
  chain all_;
};

// A stack that is taken whole and turned over: no lock.
class stack {
 public:
  bool push(chain const& c) {
    // Turned over later, so a chain goes in link by link.
    bool was_empty = false;
    for (link* l = c.first; l != nullptr;) {
      link* const next = next_of(*l);
      link* top = top_.load(std::memory_order_relaxed);
      do set_next(*l, top);
      while (!top_.compare_exchange_weak(top, l, std::memory_order_release,
                                         std::memory_order_relaxed));
      was_empty = was_empty || top == nullptr;
      l = next;
    }
    return was_empty;
  }
  link* take() {
    link* left = top_.exchange(nullptr, std::memory_order_acquire);
    link* turned = nullptr;
    while (left != nullptr) {
      link* const next = next_of(*left);
      set_next(*left, turned);
      turned = std::exchange(left, next);
    }
    return turned;
  }
  static constexpr bool takes_all = true;

 private:
  alignas(64) std::atomic<link*> top_{nullptr};
};

// A list that producers append to by one exchange and the consumer takes from one by one: no lock,
// no loop. It cannot tell that it was empty, so the consumer says when it is about to sleep.
class exchange_list {
 public:
  bool push(chain const& c) {
    link* const before = last_.exchange(c.last, std::memory_order_acq_rel);
    before->next.store(c.first, std::memory_order_release);
    // Not before the store above: the consumer looks again after it has said that it sleeps.
    std::atomic_thread_fence(std::memory_order_seq_cst);
    return sleeps_.load(std::memory_order_relaxed) &&
           sleeps_.exchange(false, std::memory_order_relaxed);
  }
  link* take() {
    if (link* const l = pop()) return l;
    sleeps_.store(true, std::memory_order_relaxed);
    std::atomic_thread_fence(std::memory_order_seq_cst);
    link* const l = pop();
    // Whoever wakes us in vain costs one turn.
    if (l != nullptr) sleeps_.store(false, std::memory_order_relaxed);
    return l;
  }
  static constexpr bool takes_all = false;

 private:
  link* pop() {
    link* first = first_;
    link* next = first->next.load(std::memory_order_acquire);
    if (first == &stub_) {
      if (next == nullptr) return nullptr;
      first_ = first = next;
      next = first->next.load(std::memory_order_acquire);
    }
    if (next == nullptr) {
      if (last_.load(std::memory_order_acquire) != first) return nullptr;  // A push is under way.
      set_next(stub_, nullptr);
      link* const before = last_.exchange(&stub_, std::memory_order_acq_rel);
      before->next.store(&stub_, std::memory_order_release);
      next = first->next.load(std::memory_order_acquire);
      if (next == nullptr) return nullptr;
    }
    first_ = next;
    set_next(*first, nullptr);
    return first;
  }

  link stub_;
  link* first_ = &stub_;
  alignas(64) std::atomic<link*> last_{&stub_};
  alignas(64) std::atomic<bool> sleeps_{true};
};

enum class wake { of_a_batch, of_each };

// The consumer: sleeps, takes what there is, counts it.
template <class Queue>
class consumer {
 public:
  using item = reused_item<link>;

  consumer() : event_(::eventfd(0, EFD_CLOEXEC)) {}

  void hand_over(chain const& c, wake when) {
    bool const wanted = queue_.push(c);
    if (!wanted && when == wake::of_a_batch) return;
    eventfd_t const one = 1;
    require(::eventfd_write(event_.get(), one) == 0, "cannot wake");
  }
  void turn() {
    eventfd_t count;
    require(::eventfd_read(event_.get(), &count) == 0, "cannot sleep");
    ++turns;
    while (link* l = queue_.take()) {
      while (l != nullptr) {
        link* const next = next_of(*l);
        ++arrived;
        static_cast<item*>(l)->under_way.store(false, std::memory_order_release);
        l = next;
      }
      if (Queue::takes_all) return;
    }
  }

  std::size_t arrived = 0;
  std::size_t turns = 0;

 private:
  io::posix::descriptor event_;
  Queue queue_;
};

template <class Queue>
sample queue_round(std::size_t count, unsigned threads, wake when, std::size_t together) {
  pin_to_core(measured_core);
  using item = typename consumer<Queue>::item;
  consumer<Queue> c;
  std::size_t const each = count / threads;
  std::vector<std::vector<item>> items;
  for (unsigned t = 0; t != threads; ++t) items.emplace_back(items_under_way_max);
  stop_watch watch;
  std::vector<std::jthread> producers;
  for (auto& own : items) {
    producers.push_back(beside([&, each] {
      chain held;
      std::size_t size = 0;
      auto const flush = [&] {
        if (size != 0) c.hand_over(std::exchange(held, {}), when);
        size = 0;
      };
      post_all(
          own, each,
          [&](item& i) {
            held.push(i);
            if (++size == together) flush();
          },
          flush);
    }));
  }
  while (c.arrived != each * threads) c.turn();
  watch.stop();
  producers.clear();
  return {watch.process_ns(c.arrived), watch.thread_ns(c.arrived), watch.rate(c.arrived),
          static_cast<double>(c.arrived) / static_cast<double>(c.turns)};
}

template <class Queue>
subject subject_of(char const* name, std::size_t count, unsigned threads, wake when,
                   std::size_t together = 1) {
  return {name, [=] { return queue_round<Queue>(count, threads, when, together); }};
}

}  // namespace

std::vector<subject> raw_queues(std::size_t n, unsigned threads) {
  using wake::of_a_batch;
  using wake::of_each;
  return {
      subject_of<stack>("lock-free stack", n, threads, of_a_batch),
      subject_of<locked_queue<0>>("locked, all taken at once", n, threads, of_a_batch),
      subject_of<locked_queue<0>>("locked, posted by 32", n, threads, of_a_batch, 32),
      subject_of<locked_queue<64>>("locked, taken by 64", n, threads, of_a_batch),
      subject_of<locked_queue<1>>("locked, taken one by one", n, threads, of_a_batch),
      subject_of<locked_queue<0>>("locked, a wake for each item", n, threads, of_each),
      subject_of<stack>("lock-free stack, a wake for each item", n, threads, of_each),
      subject_of<exchange_list>("lock-free list", n, threads, of_a_batch),
  };
}

}  // namespace quire::bench
