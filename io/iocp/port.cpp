#include <quire/io/iocp/port.hpp>
#include <quire/io/windows/error.hpp>

#include <windows.h>

#include <algorithm>
#include <cstddef>
#include <utility>

namespace quire::io::iocp {
namespace {

static_assert(sizeof(overlapped) == sizeof(OVERLAPPED) &&
              alignof(overlapped) == alignof(OVERLAPPED));
static_assert(offsetof(overlapped, system_status) == offsetof(OVERLAPPED, Internal));
static_assert(offsetof(overlapped, system_count) == offsetof(OVERLAPPED, InternalHigh));
static_assert(offsetof(overlapped, offset_low) == offsetof(OVERLAPPED, Offset));
static_assert(offsetof(overlapped, offset_high) == offsetof(OVERLAPPED, OffsetHigh));
static_assert(offsetof(overlapped, event) == offsetof(OVERLAPPED, hEvent));
static_assert(sizeof(packet) == sizeof(OVERLAPPED_ENTRY));
static_assert(offsetof(packet, key) == offsetof(OVERLAPPED_ENTRY, lpCompletionKey));
static_assert(offsetof(packet, subject) == offsetof(OVERLAPPED_ENTRY, lpOverlapped));
static_assert(offsetof(packet, count) == offsetof(OVERLAPPED_ENTRY, dwNumberOfBytesTransferred));

// Never less than asked for, so that no timer is looked at too early.
DWORD milliseconds(std::chrono::nanoseconds t) noexcept {
  if (t == std::chrono::nanoseconds::max()) return INFINITE;
  constexpr std::int64_t most = INFINITE - 1;
  return static_cast<DWORD>(
      std::min<std::int64_t>(std::chrono::ceil<std::chrono::milliseconds>(t).count(), most));
}

}  // namespace

port::~port() {
  if (port_ != nullptr) ::CloseHandle(port_);
}

error port::open() noexcept {
  port_ = ::CreateIoCompletionPort(INVALID_HANDLE_VALUE, nullptr, 0, 1);
  return port_ != nullptr ? error::none : nt::translate(::GetLastError());
}

error port::add(nt::handle h, source key) noexcept {
  HANDLE const r = ::CreateIoCompletionPort(h, port_, static_cast<ULONG_PTR>(key), 0);
  return r != nullptr ? error::none : nt::translate(::GetLastError());
}

error port::add(nt::handle h, source key, bool& skips) noexcept {
  constexpr UCHAR modes = FILE_SKIP_COMPLETION_PORT_ON_SUCCESS | FILE_SKIP_SET_EVENT_ON_HANDLE;
  if (error const e = add(h, key); e != error::none) return e;
  // Some drivers cannot; then every success is reported.
  skips = ::SetFileCompletionNotificationModes(h, modes) != 0;
  return error::none;
}

void port::post(source key, void* subject, std::uint32_t count) noexcept {
  // It fails for want of memory of the kernel's, which comes back; and what is posted must arrive.
  while (::PostQueuedCompletionStatus(port_, count, static_cast<ULONG_PTR>(key),
                                      static_cast<OVERLAPPED*>(subject)) == 0) {
    ::Sleep(1);
  }
}

void port::fetch(std::uint32_t milliseconds) noexcept {
  ULONG count = 0;
  auto* const to = reinterpret_cast<OVERLAPPED_ENTRY*>(packets_.data() + end_);
  // A time-out is a turn without packets.
  if (::GetQueuedCompletionStatusEx(port_, to, static_cast<ULONG>(packets_.size() - end_), &count,
                                    milliseconds, FALSE) != 0) {
    end_ += count;
  }
}

void port::wait(std::chrono::nanoseconds time_max) noexcept {
  if (first_ == end_) {
    first_ = end_ = 0;
    return fetch(milliseconds(time_max));
  }
  std::copy(packets_.begin() + static_cast<std::ptrdiff_t>(first_),
            packets_.begin() + static_cast<std::ptrdiff_t>(end_), packets_.begin());
  end_ -= std::exchange(first_, 0);
  if (end_ != packets_.size()) fetch(0);
}

bool port::next(packet& out) noexcept {
  if (first_ == end_) return false;
  out = packets_[first_++];
  return true;
}

bool port::take(overlapped const& request, packet& out) noexcept {
  if (end_ == packets_.size()) return false;
  fetch(0);
  auto const first = packets_.begin() + static_cast<std::ptrdiff_t>(first_);
  auto const end = packets_.begin() + static_cast<std::ptrdiff_t>(end_);
  auto const found = std::find_if(first, end, [&](packet const& p) {
    return p.key == source::request && p.subject == &request;
  });
  if (found == end) return false;
  out = *found;
  std::copy(found + 1, end, found);
  --end_;
  return true;
}

}  // namespace quire::io::iocp
