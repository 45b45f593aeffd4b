#include <quire/server/process.hpp>

#include <windows.h>

#include <limits>

namespace quire::server::process {
namespace {

// Counts the requests to stop that nobody has taken yet.
HANDLE stop_requests() noexcept {
  static HANDLE const semaphore =
      ::CreateSemaphoreW(nullptr, 0, std::numeric_limits<LONG>::max(), nullptr);
  return semaphore;
}

// Called by a thread of its own, which the system makes.
BOOL WINAPI on_control_event(DWORD event) noexcept {
  ask_to_stop();
  if (event == CTRL_CLOSE_EVENT || event == CTRL_LOGOFF_EVENT || event == CTRL_SHUTDOWN_EVENT) {
    // The system ends the process when this returns, or after some seconds; so the workers have
    // those to drain.
    ::Sleep(INFINITE);
  }
  return TRUE;
}

}  // namespace

// A process may have 2^24 handles, and there is nothing to raise.
std::uint64_t raise_descriptor_limit() noexcept {
  return std::uint64_t{1} << 24;
}

std::uint64_t memory_of_machine() noexcept {
  MEMORYSTATUSEX status{};
  status.dwLength = sizeof status;
  return ::GlobalMemoryStatusEx(&status) != 0 ? status.ullTotalPhys : 0;
}

void catch_stop_signals() noexcept {
  stop_requests();
  ::SetConsoleCtrlHandler(&on_control_event, TRUE);
}

void wait_for_stop() noexcept {
  ::WaitForSingleObject(stop_requests(), INFINITE);
}

void ask_to_stop() noexcept {
  ::ReleaseSemaphore(stop_requests(), 1, nullptr);
}

void end_now(int exit_code) noexcept {
  ::TerminateProcess(::GetCurrentProcess(), static_cast<UINT>(exit_code));
  for (;;) ::Sleep(INFINITE);  // It does not return for one's own process.
}

}  // namespace quire::server::process
