// How much a thread may take from others. One source file for each platform.
#pragma once

#include <cstdint>

namespace quire::io {

enum class thread_priority : std::uint8_t {
  normal,  // As the thread has it already.
  low,     // Goes on where others are busy, at a small share.
  idle,    // Runs when no other has anything to do, and gives way at once.
};

// From now on, as far as the system knows of that; a thread may not be able to go back up.
void set_priority_of_this_thread(thread_priority p) noexcept;

}  // namespace quire::io
