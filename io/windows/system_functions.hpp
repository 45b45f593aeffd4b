// Functions that not every Windows has: looked up when the program runs.
#pragma once

#include <quire/io/windows/handle.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::io::nt {

// Asks for the pages of a range ahead of time, in few and large reads; a hint
// (PrefetchVirtualMemory, Windows 8). Without that function it does nothing.
void prefetch(void const* first, std::size_t size) noexcept;

// Locks memory in which requests for a file will lie, until the file is closed; once for a file
// (SetFileIoOverlappedRange, Windows Vista). 0, or an error as the system numbers them: that of the
// missing privilege where this user may not lock memory, which is the rule.
using lock_requests_function = std::uint32_t (*)(handle file, void* first,
                                                 std::size_t size) noexcept;

// How a disk wants to be read, to keep a promise.
struct bandwidth {
  std::uint32_t request_size = 0;  // Bytes, at least.
  std::uint32_t requests = 0;      // In flight at any time.
};
// Has so many bytes a second kept free for a file, until it is closed
// (SetFileBandwidthReservation, Windows Vista). 0, or an error as the system numbers them.
using reserve_bandwidth_function = std::uint32_t (*)(handle file, std::uint32_t bytes_a_second,
                                                     bandwidth& out) noexcept;

// Those of this system; nullptr: it has none.
struct system_functions {
  lock_requests_function lock_requests = nullptr;
  reserve_bandwidth_function reserve_bandwidth = nullptr;
};
[[nodiscard]] system_functions find_system_functions() noexcept;

// True when this user may lock memory (SeLockMemoryPrivilege); it is enabled from then on.
[[nodiscard]] bool may_lock_memory() noexcept;

}  // namespace quire::io::nt
