// The epoll instance and who is interested in which descriptor.
//
// A descriptor is registered once, edge-triggered, for everything; nothing is re-armed. The kernel
// gives back the descriptor and the generation of its registration, so that an event that is older
// than the present user of a reused descriptor is recognised and dropped.
//
// Memory: 16 bytes for each descriptor up to the highest; the table grows only in add().
#pragma once

#include <quire/io/error.hpp>

#include <sys/epoll.h>

#include <array>
#include <chrono>
#include <cstdint>
#include <span>
#include <vector>

namespace quire::io::epoll {

enum class role : std::uint8_t { none, wake, listener, stream };

class interest {
 public:
  struct entry {
    void* target = nullptr;
    std::uint32_t generation = 0;
    role kind = role::none;
  };

  interest() = default;
  ~interest();
  interest(interest const&) = delete;
  interest& operator=(interest const&) = delete;

  [[nodiscard]] error open() noexcept;

  // The descriptor's events go to `target` from now on. Errors: no_memory, too_many_open_files.
  [[nodiscard]] error add(int descriptor, role kind, void* target) noexcept;
  // Called before the descriptor is closed; closing it ends the kernel's interest.
  void remove(int descriptor) noexcept;

  // Waits for at most this long, rounded up to milliseconds.
  std::span<epoll_event const> wait(std::chrono::nanoseconds time_max) noexcept;

  // Whom an event is for; nullptr when its registration has ended.
  entry const* find(epoll_event const& event) const noexcept;

 private:
  int epoll_ = -1;
  std::vector<entry> entries_;  // By descriptor.
  std::array<epoll_event, 256> events_;
};

}  // namespace quire::io::epoll
