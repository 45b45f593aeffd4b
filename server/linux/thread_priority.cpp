#include <quire/server/thread_priority.hpp>

#include <sys/resource.h>

namespace quire::server {

// Against POSIX, Linux has a nice value for each thread; 0 means the calling one. At 10 it gets a
// tenth of what a busy thread of normal priority gets; at 19 a seventieth, and on a machine that is
// always busy a page would take minutes.
void lower_priority_of_this_thread() noexcept {
  constexpr int nice = 10;
  ::setpriority(PRIO_PROCESS, 0, nice);
}

}  // namespace quire::server
