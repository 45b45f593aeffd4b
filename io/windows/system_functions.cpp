#include <quire/io/windows/system_functions.hpp>

#include <windows.h>

#include <cstring>

namespace quire::io::nt {
namespace {

// Of kernel32.dll; nullptr when it has none of this name.
template <class Function>
Function* find(char const* name) noexcept {
  Function* found = nullptr;
  if (HMODULE const library = ::GetModuleHandleW(L"kernel32.dll")) {
    FARPROC const address = ::GetProcAddress(library, name);
    std::memcpy(&found, &address, sizeof found);
  }
  return found;
}

// WIN32_MEMORY_RANGE_ENTRY.
struct memory_range {
  void* first;
  SIZE_T size;
};

using prefetch_call = BOOL WINAPI(HANDLE process, ULONG_PTR count, memory_range* ranges,
                                  ULONG flags);
using overlapped_range_call = BOOL WINAPI(HANDLE file, PUCHAR first, ULONG size);
using bandwidth_call = BOOL WINAPI(HANDLE file, DWORD period_ms, DWORD bytes_each_period,
                                   BOOL may_be_dropped, DWORD* request_size, DWORD* requests);

overlapped_range_call* overlapped_range_found() noexcept {
  static auto* const call = find<overlapped_range_call>("SetFileIoOverlappedRange");
  return call;
}
bandwidth_call* bandwidth_found() noexcept {
  static auto* const call = find<bandwidth_call>("SetFileBandwidthReservation");
  return call;
}

std::uint32_t number_of(BOOL done) noexcept {
  return done != 0 ? ERROR_SUCCESS : ::GetLastError();
}

std::uint32_t lock_requests(handle file, void* first, std::size_t size) noexcept {
  if (!may_lock_memory()) return ERROR_PRIVILEGE_NOT_HELD;
  return number_of(
      overlapped_range_found()(file, static_cast<PUCHAR>(first), static_cast<ULONG>(size)));
}

std::uint32_t reserve_bandwidth(handle file, std::uint32_t bytes_a_second,
                                bandwidth& out) noexcept {
  DWORD request_size = 0;
  DWORD requests = 0;
  BOOL const done = bandwidth_found()(file, 1000, bytes_a_second, TRUE, &request_size, &requests);
  out = {request_size, requests};
  return number_of(done);
}

bool enable_privilege(wchar_t const* name) noexcept {
  TOKEN_PRIVILEGES wanted{};
  wanted.PrivilegeCount = 1;
  wanted.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
  HANDLE token = nullptr;
  if (::LookupPrivilegeValueW(nullptr, name, &wanted.Privileges[0].Luid) == 0) return false;
  if (::OpenProcessToken(::GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES | TOKEN_QUERY, &token) ==
      0) {
    return false;
  }
  // It succeeds, too, where the user does not have the privilege; then the last error says so.
  bool const enabled = ::AdjustTokenPrivileges(token, FALSE, &wanted, 0, nullptr, nullptr) != 0 &&
                       ::GetLastError() == ERROR_SUCCESS;
  ::CloseHandle(token);
  return enabled;
}

}  // namespace

void prefetch(void const* first, std::size_t size) noexcept {
  static auto* const call = find<prefetch_call>("PrefetchVirtualMemory");
  if (call == nullptr) return;
  memory_range range{const_cast<void*>(first), size};
  call(::GetCurrentProcess(), 1, &range, 0);
}

system_functions find_system_functions() noexcept {
  return {.lock_requests = overlapped_range_found() != nullptr ? &lock_requests : nullptr,
          .reserve_bandwidth = bandwidth_found() != nullptr ? &reserve_bandwidth : nullptr};
}

bool may_lock_memory() noexcept {
  static bool const may = enable_privilege(L"SeLockMemoryPrivilege");
  return may;
}

}  // namespace quire::io::nt
