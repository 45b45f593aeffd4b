// Change notices (clause 27), for the back ends on POSIX systems: inotify on Linux, none elsewhere.
//
// One descriptor for each loop, made when it is first needed. It wakes nobody: what has changed
// matters when somebody asks, and is read then. To watch takes a call on the pool; to take notices
// allocates nothing. It costs no call of the system while there are none; one read for as many as
// fit and two calls more when there are no more. Where kernel_notices.hpp knows of no alarm, it
// costs the read that finds nothing instead.
#pragma once

#include <quire/io/blocking_pool.hpp>
#include <quire/io/change_notice.hpp>
#include <quire/io/posix/descriptor.hpp>
#include <quire/io/posix/files.hpp>
#include <quire/io/posix/kernel_notices.hpp>
#include <quire/io/ready_list.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace quire::io::posix {

class watch_operation : public blocking_call {
 public:
  // The number of the watch. Requires: result() == error::none.
  int number() const noexcept { return number_; }

 private:
  friend class notices;
  int notices_ = -1;
  int directory_ = -1;
  int number_ = -1;
  std::string_view path_;
};

class notices {
 public:
  notices(ready_list& ready, blocking_pool& pool) noexcept : ready_(ready), pool_(pool) {}

  void watch(directory const& d, watch_operation& op, std::string_view path) noexcept;
  void unwatch(int number) noexcept;
  [[nodiscard]] bool next(change_notice& out) noexcept;

 private:
  error open() noexcept;
  // False when nothing is there.
  bool read() noexcept;

  ready_list& ready_;
  blocking_pool& pool_;
  descriptor notices_;
  notice_alarm alarm_;
  std::size_t position_ = 0;
  std::size_t size_ = 0;
  // Of inotify's events, each with the longest name.
  alignas(8) std::array<char, 4096> events_;
};

}  // namespace quire::io::posix
