#include <quire/server/thread_priority.hpp>

namespace quire::server {

// A nice value is that of the whole process.
void lower_priority_of_this_thread() noexcept {}

}  // namespace quire::server
