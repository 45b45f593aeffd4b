// How many descriptors serving takes.
#pragma once

#include <cstddef>
#include <cstdint>

namespace quire::server {

// For the process: logs, the notices of changes, what libraries open.
inline constexpr std::uint64_t process_descriptors = 32;
// For each worker: its loop, a pipe, files that are being read and those kept open: 128, and 64
// with a copy (cache_limits). Its listeners come on top.
inline constexpr std::uint64_t worker_descriptors = 16 + 256;
// A connection may have a file open.
inline constexpr std::uint64_t connection_descriptors = 2;
// With fewer connections the program does not start.
inline constexpr std::uint64_t connections_min = 16;

// Beside the connections.
constexpr std::uint64_t fixed_descriptors(std::size_t workers, std::size_t listeners) noexcept {
  return process_descriptors + workers * (worker_descriptors + listeners);
}

}  // namespace quire::server
