// Lets other threads end the wait of a loop on Linux: a descriptor that becomes readable.
//
// Its counter is never read: each set() is an event of its own, edge-triggered.
#pragma once

#include <quire/io/error.hpp>
#include <quire/io/posix/descriptor.hpp>
#include <quire/io/posix/error.hpp>

#include <sys/eventfd.h>

#include <cerrno>

namespace quire::io::posix {

class wake_event {
 public:
  [[nodiscard]] error open() noexcept {
    event_.reset(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    return event_ ? error::none : translate(errno);
  }
  int get() const noexcept { return event_.get(); }

  // From any thread; one system call.
  void set() const noexcept {
    eventfd_t const one = 1;
    // It can fail only when the counter is full, after 2^64 - 2 times.
    static_cast<void>(::eventfd_write(event_.get(), one));
  }

 private:
  descriptor event_;
};

}  // namespace quire::io::posix
