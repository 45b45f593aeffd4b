// Which entry leaves the cache when memory is short: S3-FIFO (Yang, Zhang, Qiu, Yue, Rashmi: "FIFO
// queues are all you need for cache eviction", SOSP 2023).
//
// What is new goes into a small queue, a tenth of the memory. What leaves that without having been
// used twice is forgotten but for its name, which a ghost queue keeps; what was, or comes back
// while its name is there, goes into the main queue, where each use grants another round. So what
// is asked for once, by a crawler or somebody who reads the whole site, pushes nothing out that
// others use.
//
// Beside them are two queues, each with a limit of its own in entries, where each use grants
// another round: files that are sent from the disk, each of which keeps a descriptor, and paths at
// which there is no file, which cost a client nothing to invent. They push nothing out but their
// like.
//
// Nothing is allocated after construction. Each call costs a few steps, amortised.
#pragma once

#include <quire/server/file_entry.hpp>
#include <quire/server/ghost_queue.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace quire::server {

template <class Entry>
class eviction_queues {
 public:
  static constexpr std::uint8_t frequency_max = 3;

  eviction_queues(std::size_t bytes_max, std::size_t streamed_max, std::size_t absent_max)
      : small_max_(bytes_max / 10),
        streamed_max_(streamed_max),
        absent_max_(absent_max),
        ghosts_(ghosts_for(bytes_max)) {}

  // It was used.
  static void touch(Entry& e) noexcept {
    if (e.frequency != frequency_max) ++e.frequency;
  }

  // Of what is neither streamed nor absent: where it is to go.
  cache_queue admission(Entry const& e) noexcept {
    if (e.queue == cache_queue::small || e.queue == cache_queue::main) return e.queue;
    return ghosts_.take(e.hash) ? cache_queue::main : cache_queue::small;
  }
  // Its cost is e.bytes. Requires: it is in none.
  void push(Entry& e, cache_queue where) noexcept {
    list& l = of(where);
    e.queue = where;
    e.newer = nullptr;
    e.older = l.newest;
    (l.newest != nullptr ? l.newest->newer : l.oldest) = &e;
    l.newest = &e;
    ++l.count;
    l.bytes += e.bytes;
  }
  void remove(Entry& e) noexcept {
    list& l = of(e.queue);
    (e.older != nullptr ? e.older->newer : l.oldest) = e.newer;
    (e.newer != nullptr ? e.newer->older : l.newest) = e.older;
    --l.count;
    l.bytes -= e.bytes;
    e.queue = cache_queue::none;
  }
  // Its cost has become another.
  void recount(Entry& e, std::size_t bytes) noexcept {
    if (e.queue != cache_queue::none) of(e.queue).bytes += bytes - e.bytes;
    e.bytes = bytes;
  }

  // What has to leave so that memory comes free; nullptr when there is nothing. It is in no queue
  // any more.
  Entry* evict() noexcept {
    for (;;) {
      bool const from_small =
          !empty(cache_queue::small) &&
          (of(cache_queue::small).bytes >= small_max_ || empty(cache_queue::main));
      if (from_small) {
        Entry& e = take_oldest(cache_queue::small);
        if (e.frequency <= 1) {
          ghosts_.add(e.hash);
          return &e;
        }
        e.frequency = 0;
        push(e, cache_queue::main);
      } else if (!empty(cache_queue::main)) {
        return evict_from(cache_queue::main);
      } else if (!empty(cache_queue::absent)) {
        return evict_from(cache_queue::absent);
      } else {
        return empty(cache_queue::streamed) ? nullptr : evict_from(cache_queue::streamed);
      }
    }
  }
  // The same where there are too many of a kind; nullptr where there are not.
  Entry* evict_surplus() noexcept {
    if (of(cache_queue::streamed).count > streamed_max_) return evict_from(cache_queue::streamed);
    if (of(cache_queue::absent).count > absent_max_) return evict_from(cache_queue::absent);
    return nullptr;
  }

  std::size_t count(cache_queue q) const noexcept { return lists_[index(q)].count; }
  std::size_t count() const noexcept {
    std::size_t n = 0;
    for (list const& l : lists_) n += l.count;
    return n;
  }
  // Of all entries, and of the names of those that have left.
  std::size_t bytes() const noexcept {
    std::size_t n = ghosts_.bytes();
    for (list const& l : lists_) n += l.bytes;
    return n;
  }

 private:
  struct list {
    Entry* oldest = nullptr;
    Entry* newest = nullptr;
    std::size_t count = 0;
    std::size_t bytes = 0;
  };

  // As many as there are files of some size in memory; they take a two-thousandth of it.
  static std::size_t ghosts_for(std::size_t bytes_max) noexcept {
    return std::min<std::size_t>(bytes_max / 16384, 65536);
  }
  static std::size_t index(cache_queue q) noexcept { return static_cast<std::size_t>(q) - 1; }
  list& of(cache_queue q) noexcept { return lists_[index(q)]; }
  bool empty(cache_queue q) noexcept { return of(q).oldest == nullptr; }

  Entry& take_oldest(cache_queue q) noexcept {
    Entry& e = *of(q).oldest;
    remove(e);
    return e;
  }
  Entry* evict_from(cache_queue q) noexcept {
    for (;;) {
      Entry& e = take_oldest(q);
      if (e.frequency == 0) return &e;
      --e.frequency;
      push(e, q);
    }
  }

  std::array<list, 4> lists_;
  std::size_t small_max_;
  std::size_t streamed_max_;
  std::size_t absent_max_;
  ghost_queue ghosts_;
};

}  // namespace quire::server
