// The names of what was lately evicted without having been used again: the queue G of S3-FIFO.
//
// Names are kept as hashes in a table of buckets of four; each notes when it came, counted in
// arrivals. One that came more than `capacity` arrivals ago is no longer there. Two names may share
// a hash: then one is taken for the other, which costs a place in the wrong queue and nothing else.
// 8 bytes a name; all memory is taken at construction.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace quire::server {

class ghost_queue {
 public:
  explicit ghost_queue(std::size_t capacity)
      : capacity_(static_cast<std::uint32_t>(capacity)),
        slots_(capacity == 0 ? 0 : std::bit_ceil(std::max(capacity + capacity / 4, ways))) {}

  void add(std::uint64_t hash) noexcept {
    if (slots_.empty()) return;
    slot* oldest = bucket(hash);
    for (slot* s = oldest; s != bucket(hash) + ways; ++s) {
      if (age(*s) > age(*oldest)) oldest = s;
    }
    *oldest = {mark(hash), ++arrivals_};
  }

  // True when it is there; it is not any more.
  bool take(std::uint64_t hash) noexcept {
    if (slots_.empty()) return false;
    for (slot* s = bucket(hash); s != bucket(hash) + ways; ++s) {
      if (s->mark != mark(hash) || age(*s) >= capacity_) continue;
      *s = {};
      return true;
    }
    return false;
  }

  std::size_t bytes() const noexcept { return slots_.size() * sizeof(slot); }

 private:
  static constexpr std::size_t ways = 4;
  struct slot {
    std::uint32_t mark = 0;  // 0: nothing.
    std::uint32_t arrived = 0;
  };

  static std::uint32_t mark(std::uint64_t hash) noexcept {
    return static_cast<std::uint32_t>(hash >> 32) | 1;
  }
  // Since it came, in arrivals; the most for a slot that is free.
  std::uint32_t age(slot const& s) const noexcept {
    return s.mark == 0 ? UINT32_MAX : arrivals_ - s.arrived;
  }
  slot* bucket(std::uint64_t hash) noexcept {
    return slots_.data() + (hash & (slots_.size() - 1)) / ways * ways;
  }

  std::uint32_t capacity_;
  std::uint32_t arrivals_ = 0;
  std::vector<slot> slots_;
};

}  // namespace quire::server
