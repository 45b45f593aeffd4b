#include <quire/io/windows/error.hpp>
#include <quire/io/windows/memory_file.hpp>

#include <windows.h>

#include <algorithm>
#include <utility>

namespace quire::io::nt {
namespace {

// Reads and waits. The lowest bit of the event keeps the outcome from the completion port to which
// the file belongs. An error as the system numbers them; at the end of the file 0 bytes.
DWORD read_waiting(handle from, HANDLE event, std::uint64_t offset, char* to, DWORD size,
                   DWORD& count) noexcept {
  OVERLAPPED request{};
  request.Offset = static_cast<DWORD>(offset);
  request.OffsetHigh = static_cast<DWORD>(offset >> 32);
  request.hEvent = reinterpret_cast<HANDLE>(reinterpret_cast<std::uintptr_t>(event) | 1);
  count = 0;
  if (::ReadFile(from, to, size, nullptr, &request) == 0 && ::GetLastError() != ERROR_IO_PENDING) {
    return ::GetLastError() == ERROR_HANDLE_EOF ? 0 : ::GetLastError();
  }
  if (::GetOverlappedResult(from, &request, &count, TRUE) != 0) return 0;
  return ::GetLastError() == ERROR_HANDLE_EOF ? 0 : ::GetLastError();
}

}  // namespace

error memory_files::make(memory_file& m, std::uint64_t size) noexcept {
  assert(!m.is_open() && size != 0);
  if (size > PTRDIFF_MAX) return error::no_memory;
  m.data_ = static_cast<char*>(::VirtualAlloc(nullptr, static_cast<std::size_t>(size),
                                              MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE));
  if (!m.is_open()) return translate(::GetLastError());
  m.size_ = static_cast<std::size_t>(size);
  return error::none;
}

void memory_files::fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
                        std::uint64_t length) noexcept {
  assert(m.is_open());
  operation_access::submit(op);
  bool const fits = offset <= m.size_ && length <= m.size_ - offset && length <= UINT32_MAX / 2;
  if (!fits || offset % from.alignment() != 0) return ready_.finish(op, error::invalid_argument);
  if (from.is_directory()) return ready_.finish(op, error::is_a_directory);
  op.to_ = &m;
  op.from_ = from.handle();
  op.alignment_ = from.alignment();
  op.offset_ = static_cast<std::size_t>(offset);
  op.length_ = static_cast<std::size_t>(length);
  op.done_ = 0;
  copying_.submit(op, [](blocking_call& call) noexcept {
    auto& self = static_cast<fill_operation&>(call);
    error const e = self.fill();
    operation_access::finish(self, e, self.done_);
  });
}

// What lies behind the length, up to the alignment, is overwritten with what the file has there: it
// is within the last page of the memory, or filled anew later.
error fill_operation::fill() noexcept {
  HANDLE const event = ::CreateEventW(nullptr, TRUE, FALSE, nullptr);
  if (event == nullptr) return translate(::GetLastError());
  DWORD number = 0;
  while (done_ != length_) {
    std::size_t const left = (length_ - done_ + alignment_ - 1) / alignment_ * alignment_;
    DWORD count = 0;
    number = read_waiting(from_, event, offset_ + done_, to_->data_ + offset_ + done_,
                          static_cast<DWORD>(left), count);
    done_ += static_cast<std::uint32_t>(std::min<std::size_t>(count, length_ - done_));
    if (number != 0 || count == 0 || count % alignment_ != 0) break;
  }
  ::CloseHandle(event);
  return translate(number);
}

void memory_files::seal(memory_file& m, fill_operation& op) noexcept {
  assert(m.is_open());
  operation_access::submit(op);
  op.to_ = &m;
  pool_.submit(op, [](blocking_call& call) noexcept {
    memory_file const& sealed = *static_cast<fill_operation&>(call).to_;
    DWORD before = 0;
    bool const done = ::VirtualProtect(sealed.data_, sealed.size_, PAGE_READONLY, &before) != 0;
    operation_access::finish(call, done ? error::none : translate(::GetLastError()), 0);
  });
}

void memory_files::close(memory_file& m) noexcept {
  assert(m.is_open());
  ::VirtualFree(std::exchange(m.data_, nullptr), 0, MEM_RELEASE);
  m.size_ = 0;
}

}  // namespace quire::io::nt
