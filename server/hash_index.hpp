// Objects by the hashes of their names. Of one thread.
//
// Open addressing with linear probing; who leaves has the gap closed behind it (Knuth, The Art of
// Computer Programming, volume 3, section 6.4, algorithms L and R). The hash stands beside the
// address, four of them in a line of the processor's cache: a search mostly reads one line, and then
// the object that it is for, no other. 16 bytes a slot, of which a quarter is free at least. An object
// may be there under several hashes.
#pragma once

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace quire::server {

template <class Object>
class hash_index {
 public:
  hash_index() : slots_(slots_min) {}

  // The object under this hash for which is(object) holds; nullptr when there is none.
  template <class Is>
  Object* find(std::uint64_t hash, Is is) const noexcept {
    slot const* s = &slots_[home(hash)];
    for (; s->object != nullptr; s = &slots_[next(static_cast<std::size_t>(s - slots_.data()))]) {
      if (s->hash == hash && is(*s->object)) break;
    }
    return s->object;
  }

  // Whether one more needs a larger table, of twice the size.
  bool is_full() const noexcept { return (count_ + 1) * 4 > slots_.size() * 3; }
  // Throws std::bad_alloc; then it is what it was. Cost: a step for each slot.
  void grow() {
    std::vector<slot> old(slots_.size() * 2);
    old.swap(slots_);
    mask_ = slots_.size() - 1;
    for (slot const& s : old) {
      if (s.object != nullptr) slots_[gap(s.hash)] = s;
    }
  }

  // Requires: not is_full().
  void insert(std::uint64_t hash, Object& object) noexcept {
    assert(!is_full());
    slots_[gap(hash)] = {hash, &object};
    ++count_;
  }
  // Requires: it is there under this hash.
  void erase(std::uint64_t hash, Object const& object) noexcept {
    std::size_t hole = home(hash);
    while (slots_[hole].object != &object || slots_[hole].hash != hash) hole = next(hole);
    // What was put behind it, because its place was taken, moves up.
    for (std::size_t i = next(hole); slots_[i].object != nullptr; i = next(i)) {
      if (distance(home(slots_[i].hash), i) < distance(hole, i)) continue;
      slots_[std::exchange(hole, i)] = slots_[i];
    }
    slots_[hole] = {};
    --count_;
  }

  // remove(object) for each; it has to erase the object.
  template <class Remove>
  void clear(Remove remove) noexcept {
    for (slot const& s : slots_) {
      while (s.object != nullptr) remove(*s.object);
    }
  }

  std::size_t count() const noexcept { return count_; }
  std::size_t bytes() const noexcept { return slots_.size() * sizeof(slot); }

 private:
  static constexpr std::size_t slots_min = 256;  // Powers of two.
  struct slot {
    std::uint64_t hash = 0;
    Object* object = nullptr;  // None: the slot is free.
  };

  std::size_t home(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>(hash) & mask_;
  }
  std::size_t next(std::size_t i) const noexcept { return (i + 1) & mask_; }
  // Steps from one slot to the other.
  std::size_t distance(std::size_t from, std::size_t to) const noexcept {
    return (to - from) & mask_;
  }
  std::size_t gap(std::uint64_t hash) const noexcept {
    std::size_t i = home(hash);
    while (slots_[i].object != nullptr) i = next(i);
    return i;
  }

  std::vector<slot> slots_;
  std::size_t mask_ = slots_min - 1;  // Of an index; at hand, for each search needs it.
  std::size_t count_ = 0;
};

}  // namespace quire::server
