// What the benchmarks ask the operating system: CPU time, a core of one's own, and memory.
// One source file for each platform.
#pragma once

#include <chrono>
#include <cstddef>
#include <string_view>

namespace quire::bench {

// User and system time of the calling thread, and of all threads of the process, the kernel's
// workers for it included.
std::chrono::nanoseconds thread_cpu_time();
std::chrono::nanoseconds process_cpu_time();

// The calling thread keeps to one core; where the process may use fewer, to whichever there is.
void pin_to_core(unsigned number);

// What a reader of figures from here has to know, a sentence; empty when there is nothing.
std::string_view caution();

// Bytes that the process got from its heap, and bytes of anonymous memory that are resident. What
// was freed is given back to the system first.
struct memory_in_use {
  std::size_t heap = 0;
  std::size_t resident = 0;
};
memory_in_use measure_memory();

// How many descriptors the process may have, after raising the limit as far as it goes.
std::size_t raise_descriptor_limit();

}  // namespace quire::bench
