#include <quire/io/thread_priority.hpp>

#include <windows.h>

namespace quire::io {

void set_priority_of_this_thread(thread_priority p) noexcept {
  if (p == thread_priority::normal) return;
  bool const low = p == thread_priority::low;
  ::SetThreadPriority(::GetCurrentThread(), low ? THREAD_PRIORITY_LOWEST : THREAD_PRIORITY_IDLE);
}

}  // namespace quire::io
