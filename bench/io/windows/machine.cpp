#include "bench/io/machine.hpp"

#include <windows.h>

namespace quire::bench {
namespace {

std::chrono::nanoseconds sum_of(FILETIME const& kernel, FILETIME const& user) {
  auto const hundreds = [](FILETIME const& t) {
    return static_cast<std::int64_t>(t.dwHighDateTime) << 32 | t.dwLowDateTime;
  };
  return std::chrono::nanoseconds((hundreds(kernel) + hundreds(user)) * 100);
}

}  // namespace

std::chrono::nanoseconds thread_cpu_time() {
  FILETIME made, ended, kernel{}, user{};
  ::GetThreadTimes(::GetCurrentThread(), &made, &ended, &kernel, &user);
  return sum_of(kernel, user);
}

std::chrono::nanoseconds process_cpu_time() {
  FILETIME made, ended, kernel{}, user{};
  ::GetProcessTimes(::GetCurrentProcess(), &made, &ended, &kernel, &user);
  return sum_of(kernel, user);
}

void pin_to_core(unsigned number) {
  DWORD_PTR allowed = 0;
  DWORD_PTR there = 0;
  if (!::GetProcessAffinityMask(::GetCurrentProcess(), &allowed, &there)) return;
  unsigned count = 0;
  for (DWORD_PTR rest = allowed; rest != 0; rest &= rest - 1) ++count;
  if (count == 0) return;
  // Without its lower ones, the lowest that is left is the wanted one.
  for (unsigned skip = number % count; skip != 0; --skip) allowed &= allowed - 1;
  ::SetThreadAffinityMask(::GetCurrentThread(), allowed & ~(allowed - 1));
}

std::string_view caution() {
  HMODULE const system = ::GetModuleHandleW(L"ntdll.dll");
  bool const is_wine = system != nullptr && ::GetProcAddress(system, "wine_get_version") != nullptr;
  return is_wine ? "These figures are from Wine: they say nothing about Windows." : "";
}

}  // namespace quire::bench
