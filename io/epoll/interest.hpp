// The epoll instance and who is interested in which descriptor.
//
// A descriptor is registered once, edge-triggered, for everything, and re-armed for nothing but a
// stream that waits though it is ready. The kernel gives back the address of who is interested, with
// its role in the bits that addresses leave free: so no table is kept, and a connection that waits
// costs nothing here.
//
// Invariant: no event outlives its registration. Owners run only after all events of a wait have
// been handled, and remove() ends the registration itself, so that it ends even where a child
// process still holds the descriptor.
#pragma once

#include <quire/io/error.hpp>

#include <sys/epoll.h>

#include <array>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <span>

namespace quire::io::epoll {

enum class role : std::uint8_t { wake, listener, stream };

class interest {
 public:
  interest() = default;
  ~interest();
  interest(interest const&) = delete;
  interest& operator=(interest const&) = delete;

  [[nodiscard]] error open() noexcept;

  // The descriptor's events go to `target` from now on. Errors: no_memory, too_many_open_files.
  template <class Target>
  [[nodiscard]] error add(int descriptor, role kind, Target* target) noexcept {
    return control(EPOLL_CTL_ADD, descriptor, bits_of(kind, target));
  }
  // What the stream is ready for is reported by the next wait, or as soon as it is, though it was
  // reported before. False: it is not.
  template <class Stream>
  [[nodiscard]] bool report_again(int descriptor, Stream* target) noexcept {
    return control(EPOLL_CTL_MOD, descriptor, bits_of(role::stream, target)) == error::none;
  }
  // Called before the descriptor is closed.
  void remove(int descriptor) noexcept;

  // Waits for at most this long, rounded up to milliseconds.
  std::span<epoll_event const> wait(std::chrono::nanoseconds time_max) noexcept;

  // Whom an event is for.
  static role role_of(epoll_event const& event) noexcept {
    return static_cast<role>(event.data.u64 & role_mask);
  }
  template <class Target>
  static Target& target_of(epoll_event const& event) noexcept {
    return *reinterpret_cast<Target*>(static_cast<std::uintptr_t>(event.data.u64) & ~role_mask);
  }

 private:
  static constexpr std::uintptr_t role_mask = 3;

  template <class Target>
  static std::uintptr_t bits_of(role kind, Target* target) noexcept {
    static_assert(alignof(Target) > role_mask);
    return reinterpret_cast<std::uintptr_t>(target) | static_cast<unsigned>(kind);
  }
  error control(int what, int descriptor, std::uintptr_t data) noexcept;

  int epoll_ = -1;
  // Few enough that what they bring, and the sends that answer it, are delivered in the same turn:
  // so pages and requests under way are as many, not as many as there are busy streams, and stay in
  // the processor's cache.
  std::array<epoll_event, 64> events_;
};

}  // namespace quire::io::epoll
