#include <quire/io/epoll/interest.hpp>
#include <quire/io/posix/error.hpp>

#include <unistd.h>

#include <algorithm>
#include <cassert>
#include <cerrno>
#include <limits>
#include <new>

namespace quire::io::epoll {
namespace {

std::uint64_t tag(int descriptor, std::uint32_t generation) noexcept {
  return std::uint64_t{generation} << 32 | static_cast<std::uint32_t>(descriptor);
}

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

error interest::add(int descriptor, role kind, void* target) noexcept {
  auto const i = static_cast<std::size_t>(descriptor);
  try {
    if (i >= entries_.size()) entries_.resize(std::max(i + 1, entries_.size() * 2));
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  entry& e = entries_[i];
  assert(e.kind == role::none);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.u64 = tag(descriptor, e.generation + 1);
  if (::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event) != 0) return posix::translate(errno);
  e = {target, e.generation + 1, kind};
  return error::none;
}

void interest::remove(int descriptor) noexcept {
  entry& e = entries_[static_cast<std::size_t>(descriptor)];
  e.target = nullptr;
  e.kind = role::none;
}

std::span<epoll_event const> interest::wait(std::chrono::nanoseconds time_max) noexcept {
  int const count = ::epoll_wait(epoll_, events_.data(), static_cast<int>(events_.size()),
                                 milliseconds(time_max));
  // EINTR is a turn without events.
  return {events_.data(), count > 0 ? static_cast<std::size_t>(count) : 0};
}

interest::entry const* interest::find(epoll_event const& event) const noexcept {
  std::uint64_t const data = event.data.u64;
  entry const& e = entries_[static_cast<std::uint32_t>(data)];
  bool const current =
      e.kind != role::none && e.generation == static_cast<std::uint32_t>(data >> 32);
  return current ? &e : nullptr;
}

}  // namespace quire::io::epoll
