#include <quire/server/thread_priority.hpp>

#include <windows.h>

namespace quire::server {

void lower_priority_of_this_thread() noexcept {
  ::SetThreadPriority(::GetCurrentThread(), THREAD_PRIORITY_LOWEST);
}

}  // namespace quire::server
