// Work handed to a loop by other threads: CPU time of all threads for an item, how many in a
// second, and how many arrive in one turn of the loop.
#pragma once

#include "bench/io/frame.hpp"
#include "bench/io/measure.hpp"

#include <atomic>
#include <cstddef>
#include <memory>
#include <vector>

namespace quire::bench {

// Each thread has this many items on their way at most.
inline constexpr std::size_t items_under_way_max = 256;

// An item that its thread uses again once it has arrived. `Link` is what the queue wants it to be.
template <class Link>
struct reused_item : Link {
  std::atomic<bool> under_way{false};
};

// Posts `count` items, each as soon as one of its own is free. `post(item)` hands one over;
// `flush()` is called before waiting, for those who hand over in batches.
template <class Item, class Post, class Flush>
void post_all(std::vector<Item>& items, std::size_t count, Post post, Flush flush) {
  for (std::size_t i = 0; i != count; ++i) {
    Item& item = items[i % items.size()];
    while (item.under_way.load(std::memory_order_acquire)) {
      flush();
      std::this_thread::yield();
    }
    item.under_way.store(true, std::memory_order_relaxed);
    post(item);
  }
  flush();
}

template <io::proactor P>
sample post_round(std::size_t count, unsigned threads) {
  pin_to_core(measured_core);
  struct item : reused_item<typename P::posted_operation> {
    void arrive() noexcept {
      ++*arrived;
      this->under_way.store(false, std::memory_order_release);
    }
    std::size_t* arrived = nullptr;
  };
  loop<P> l;
  std::size_t arrived = 0;
  std::size_t turns = 0;
  std::size_t const each = count / threads;
  std::vector<std::vector<item>> items;
  for (unsigned t = 0; t != threads; ++t) items.emplace_back(items_under_way_max);
  for (auto& own : items) {
    for (item& i : own) {
      i.template bind<&item::arrive>(&i);
      i.arrived = &arrived;
    }
  }
  stop_watch watch;
  std::vector<std::jthread> producers;
  for (auto& own : items) {
    producers.push_back(beside([&l, &own, each] {
      post_all(
          own, each, [&](item& i) { l.p.post(i); }, [] {});
    }));
  }
  while (arrived != each * threads) {
    std::size_t const before = arrived;
    l.p.run_once(io::wait::yes);
    turns += arrived != before ? 1 : 0;
  }
  watch.stop();
  producers.clear();
  return {watch.process_ns(arrived), watch.thread_ns(arrived), watch.rate(arrived),
          static_cast<double>(arrived) / static_cast<double>(turns)};
}

}  // namespace quire::bench
