// Change notices of the kernel: one source file for each that has them, one for those that have
// none.
#pragma once

#include <quire/io/change_notice.hpp>

#include <cstddef>
#include <memory>
#include <string_view>

namespace quire::io::posix {

// A descriptor, never waited for, from which notices are read; or a negated errno.
[[nodiscard]] int open_notices() noexcept;

// Watches the directory at `path` below `directory`, to which no link and no mount point may lead;
// empty: that one itself. May wait for a disk. The number of the watch, or a negated errno:
// -EOPNOTSUPP on a file system of which it is not known that it tells of all changes.
[[nodiscard]] int watch_beneath(int notices, int directory, std::string_view path) noexcept;
void forget_watch(int notices, int number) noexcept;

// Knows without a call of the system whether notices may have come: after a change the kernel
// writes into shared memory when this thread next comes back from a call, at the latest from the
// one that receives what was sent after the change. A ring of io_uring with one poll of the
// descriptor; where there is none, or no memory for it, notices may always have come.
class notice_alarm {
 public:
  notice_alarm() noexcept;
  ~notice_alarm();
  notice_alarm(notice_alarm const&) = delete;
  notice_alarm& operator=(notice_alarm const&) = delete;

  // Called once, by the thread that reads the notices.
  void open() noexcept;
  // Whether there may be something to read. Two reads of memory.
  [[nodiscard]] bool is_on() noexcept;
  // Nothing is left to read: off until more comes. One call of the system.
  void reset(int notices) noexcept;

 private:
  struct state;
  std::unique_ptr<state> state_;
};

// Takes the notice at `position` of what was read, which moves behind it; false when it tells
// nothing.
[[nodiscard]] bool read_notice(char const* events, std::size_t& position,
                               change_notice& out) noexcept;

}  // namespace quire::io::posix
