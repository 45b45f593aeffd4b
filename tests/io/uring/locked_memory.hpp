// For tests of what happens when only so much memory may be locked, which is for a process as a
// whole and for good.
#pragma once

#include <linux/capability.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstddef>

namespace quire::test {

inline constexpr unsigned no_lock_limit = CAP_TO_MASK(CAP_IPC_LOCK);

// What this process may do; an array as the kernel wants it.
struct capabilities {
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct data[_LINUX_CAPABILITY_U32S_3] = {};

  capabilities() noexcept { ::syscall(SYS_capget, &header, data); }
  unsigned& effective() noexcept { return data[CAP_TO_INDEX(CAP_IPC_LOCK)].effective; }
};

inline bool may_lock(std::size_t bytes) noexcept {
  rlimit limit{};
  ::getrlimit(RLIMIT_MEMLOCK, &limit);
  return limit.rlim_cur >= bytes || (capabilities().effective() & no_lock_limit) != 0;
}

// From now on this process may lock no more, whoever runs it. False when that cannot be had.
inline bool lock_no_more_than(std::size_t bytes) noexcept {
  rlimit const limit{bytes, bytes};
  if (::setrlimit(RLIMIT_MEMLOCK, &limit) != 0) return false;
  capabilities mine;
  mine.effective() &= ~no_lock_limit;
  return ::syscall(SYS_capset, &mine.header, mine.data) == 0;
}

}  // namespace quire::test
