#include <quire/io/thread_priority.hpp>

#include <sched.h>
#include <sys/resource.h>

namespace quire::io {
namespace {

// At 10 a thread gets a tenth of what a busy one of normal priority gets; at 19 a seventieth, and on
// a machine that is always busy a page would take minutes to encode.
constexpr int low_nice = 10;

}  // namespace

void set_priority_of_this_thread(thread_priority p) noexcept {
  switch (p) {
    case thread_priority::normal:
      return;
    case thread_priority::low:
      // Against POSIX, Linux has a nice value for each thread; 0 means the calling one.
      ::setpriority(PRIO_PROCESS, 0, low_nice);
      return;
    case thread_priority::idle:
      // Not the highest nice value: a thread that is woken takes the processor from one of this
      // policy at once, from one that is nice when its slice is over, milliseconds later.
      sched_param const none{};
      ::sched_setscheduler(0, SCHED_IDLE, &none);
      return;
  }
}

}  // namespace quire::io
