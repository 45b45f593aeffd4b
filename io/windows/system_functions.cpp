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

using prefetch_function = BOOL WINAPI(HANDLE process, ULONG_PTR count, memory_range* ranges,
                                      ULONG flags);

}  // namespace

void prefetch(void const* first, std::size_t size) noexcept {
  static prefetch_function* const call = find<prefetch_function>("PrefetchVirtualMemory");
  if (call == nullptr) return;
  memory_range range{const_cast<void*>(first), size};
  call(::GetCurrentProcess(), 1, &range, 0);
}

}  // namespace quire::io::nt
