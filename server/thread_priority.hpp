// How much a thread may take from others. One source file for each platform.
#pragma once

namespace quire::server {

// From now on the calling thread runs when others leave it something to run with, as far as the
// system knows of that.
void lower_priority_of_this_thread() noexcept;

}  // namespace quire::server
