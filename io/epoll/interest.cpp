#include <quire/io/epoll/interest.hpp>
#include <quire/io/posix/error.hpp>

#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <limits>

namespace quire::io::epoll {
namespace {

// -1 waits without end. Never less than asked for, so that no timer is looked at too early.
int milliseconds(std::chrono::nanoseconds t) noexcept {
  if (t == std::chrono::nanoseconds::max()) return -1;
  constexpr std::int64_t most = std::numeric_limits<int>::max();
  return static_cast<int>(std::min(std::chrono::ceil<std::chrono::milliseconds>(t).count(), most));
}

}  // namespace

interest::~interest() {
  if (epoll_ >= 0) ::close(epoll_);
}

error interest::open() noexcept {
  epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
  return epoll_ >= 0 ? error::none : posix::translate(errno);
}

error interest::control(int what, int descriptor, std::uintptr_t data) noexcept {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = data;
  return ::epoll_ctl(epoll_, what, descriptor, &event) == 0 ? error::none
                                                            : posix::translate(errno);
}

void interest::remove(int descriptor) noexcept {
  epoll_event ignored{};
  // It can fail only for a descriptor that was not added.
  static_cast<void>(::epoll_ctl(epoll_, EPOLL_CTL_DEL, descriptor, &ignored));
}

std::span<epoll_event const> interest::wait(std::chrono::nanoseconds time_max) noexcept {
  // As sends and receives (streams.cpp), not by the function of the C library.
  auto const count = ::syscall(SYS_epoll_pwait, epoll_, events_.data(), events_.size(),
                               milliseconds(time_max), nullptr, 0);
  // EINTR is a turn without events.
  return {events_.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

}  // namespace quire::io::epoll
