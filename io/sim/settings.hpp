// What a simulated world is like: its seed, its size and its faults.
#pragma once

#include <quire/io/random_source.hpp>
#include <quire/io/timer_queue.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::io::sim {

using io::random_source;

// How often each happens, in 1,024 cases. All zero: a world in which everything works at once.
struct faults {
  std::uint16_t short_send = 0;     // A part of what would fit is taken.
  std::uint16_t short_receive = 0;  // A part of what has arrived is delivered.
  std::uint16_t late_network = 0;   // Bytes, ends and connections take their time.
  std::uint16_t late_disk = 0;      // Opening, reading and faults take their time.
  std::uint16_t reset = 0;          // The network breaks a connection in a send or a receive.
  std::uint16_t cancel_loses = 0;   // A cancelled operation goes on for a while.
  std::uint16_t accept_fails = 0;   // too_many_open_files.
  std::uint16_t accept_loses = 0;   // A connection is reset before it is accepted.
  std::uint16_t open_fails = 0;     // too_many_open_files.
  std::uint16_t read_fails = 0;     // device_failure, of reads and faults.
  std::uint16_t file_shrinks = 0;   // A file loses its end before it is read.
  std::uint16_t mode_refused = 0;   // A read finds that its file system does not do this mode.
  std::uint16_t pool_dry = 0;       // A receive finds no page.
  std::uint16_t notices_lost = 0;   // A change is not told, but that something was not.
  std::uint16_t memory_short = 0;   // no_memory, when a memory file is made or sealed.
  instant delay_max{2'000'000};     // The longest of those delays.

  // A random subset of all faults, at random rates: what one seed of a swarm runs with.
  static faults swarm(random_source& random) noexcept;
};

struct settings {
  std::uint64_t seed = 0;
  sim::faults faults;
  std::size_t pipe_size = 65536;  // Bytes that fit into one direction of a connection.
  std::size_t descriptors_max = 1 << 20;
  std::size_t direct_alignment = 512;  // A power of two, at most a page; 0: no direct reads.
  bool has_uncached_reads = true;
  std::uint64_t failing_operation = 0;  // The number of the operation that fails; 0: none.
  instant turn{1'000};                  // What a turn of the loop takes.
};

}  // namespace quire::io::sim
