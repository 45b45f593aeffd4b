// What the program asks of the operating system as a process. One source file for each platform.
#pragma once

#include <cstdint>

namespace quire::server::process {

// Descriptors that the process may have open, after raising the soft limit as far as it goes.
[[nodiscard]] std::uint64_t raise_descriptor_limit() noexcept;

// Octets of memory that the machine has, or the group of processes may have that this one is put
// into (a container); 0 when this cannot be told.
[[nodiscard]] std::uint64_t memory_of_machine() noexcept;

// From now on SIGTERM and SIGINT (Ctrl-C and Ctrl-Break on Windows) wait to be taken by
// wait_for_stop(), and a peer that went away is an error of the call, not a signal. To be called
// before the first thread starts.
void catch_stop_signals() noexcept;

// Waits until the process is asked to stop.
void wait_for_stop() noexcept;

// Makes wait_for_stop() return, from any thread.
void ask_to_stop() noexcept;

// Ends the process at once: no destructor runs.
[[noreturn]] void end_now(int exit_code) noexcept;

}  // namespace quire::server::process
