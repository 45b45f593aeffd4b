// What the kernel receives for each stream: one request for as long as the stream lives, which
// brings bytes as they come, in pages that all streams share (a multishot receive).
//
// The kernel knows a reception by its number. It keeps the number until the kernel has said that
// the request is over, also when the stream is gone by then: so what the kernel still says of a
// stream that was closed reaches no other.
#pragma once

#include <quire/buffer/page_list.hpp>
#include <quire/io/uring/stream.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <vector>

namespace quire::io::uring {

struct reception {
  reception() noexcept : waiting(nullptr) {}

  // Somebody waits for bytes, or bytes wait for somebody.
  union {
    receive_operation* waiting;  // Gets what comes next.
    page_list unasked;           // What came while nobody waited; if has_unasked.
  };
  std::uint32_t next = 0;     // In the list of receptions in which it is.
  std::uint16_t failure = 0;  // The errno that came while nobody waited.
  bool has_unasked : 1 = false;
  bool armed : 1 = false;     // The kernel has the request,
  bool ending : 1 = false;    // and was told to end it.
  bool closed : 1 = false;    // The stream is gone.
  bool listed : 1 = false;    // In the list of those that receptions::end_turn() looks at.
  bool released : 1 = false;  // While it was.

  bool is_waited_for() const noexcept { return !has_unasked && waiting != nullptr; }
  void keep(page& p) noexcept {
    if (!has_unasked) ::new (&unasked) page_list;
    has_unasked = true;
    unasked.push(p);
  }
  // nullptr when there are none any more; then somebody may wait.
  page* take_kept() noexcept {
    if (!has_unasked) return nullptr;
    if (page* const p = unasked.pop()) return p;
    has_unasked = false;
    waiting = nullptr;
    return nullptr;
  }
};
static_assert(sizeof(void*) != 8 || sizeof(reception) == 16);

class receptions {
 public:
  static constexpr std::uint32_t none = stream::no_reception;

  // A number for a stream; `none` when there is no memory. Allocates when there are more streams
  // than ever.
  [[nodiscard]] std::uint32_t acquire() noexcept {
    if (free_ == none && !grow()) return none;
    std::uint32_t const number = free_;
    reception& r = (*this)[number];
    free_ = r.next;
    r.failure = 0;
    r.closed = false;
    return number;
  }
  // Requires: not armed, nothing unasked, nobody waits.
  void release(std::uint32_t number) noexcept {
    reception& r = (*this)[number];
    r.released = r.listed;
    if (!r.listed) push(free_, number);
  }

  reception& operator[](std::uint32_t number) noexcept {
    return (*chunks_[number / chunk_size])[number % chunk_size];
  }

  // Bytes came that nobody has asked for.
  void note_unasked(std::uint32_t number) noexcept {
    reception& r = (*this)[number];
    if (r.listed) return;
    r.listed = true;
    push(unasked_, number);
  }
  // Calls end(number) for each for which that was so and that has bytes still.
  template <class End>
  void end_turn(End end) noexcept {
    while (unasked_ != none) {
      std::uint32_t const number = unasked_;
      reception& r = (*this)[number];
      unasked_ = r.next;
      r.listed = false;
      if (r.released) release(number);
      if (r.has_unasked) end(number);
    }
  }

 private:
  // They stay where they are: to move them when there are more would cost a stop, and memory.
  static constexpr std::uint32_t chunk_size = 64;
  using chunk = std::array<reception, chunk_size>;

  bool grow() noexcept {
    std::size_t const first = chunks_.size() * chunk_size;
    if (first + chunk_size > none) return false;
    try {
      chunks_.push_back(std::make_unique<chunk>());
    } catch (std::bad_alloc const&) {
      return false;
    }
    for (std::uint32_t i = chunk_size; i != 0; --i) {
      release(static_cast<std::uint32_t>(first) + i - 1);
    }
    return true;
  }
  void push(std::uint32_t& list, std::uint32_t number) noexcept {
    (*this)[number].next = list;
    list = number;
  }

  std::vector<std::unique_ptr<chunk>> chunks_;
  std::uint32_t unasked_ = none;
  std::uint32_t free_ = none;
};

}  // namespace quire::io::uring
