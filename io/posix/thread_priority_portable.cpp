#include <quire/io/thread_priority.hpp>

namespace quire::io {

// A nice value is that of the whole process.
void set_priority_of_this_thread(thread_priority) noexcept {}

}  // namespace quire::io
