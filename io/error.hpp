// The errors of the I/O layer: one portable enum. Each back end translates at its edge, so that
// nothing above it knows an operating system's numbers and a recorded run replays on every
// platform.
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::io {

enum class error : std::uint8_t {
  none,
  canceled,            // cancel() won the race.
  connection_refused,  // Nobody listens there.
  connection_reset,    // The peer went away without saying so.
  broken_pipe,         // Sent to a peer that no longer receives.
  timed_out,           // The network gave up.
  unreachable,
  address_in_use,
  address_unavailable,
  access_denied,
  not_found,
  not_a_directory,
  is_a_directory,
  not_regular,     // A device, a socket or a pipe where a file was wanted.
  outside_root,    // The path or a symbolic link in it leaves the directory.
  too_many_links,  // Symbolic links in a circle.
  name_too_long,
  too_many_open_files,  // The limit of descriptors or handles is reached.
  no_memory,            // The operating system or the page pool gave none.
  no_space,
  unsupported,       // This back end, kernel or file system does not offer it.
  invalid_argument,  // The kernel refused what we asked: our mistake.
  device_failure,    // The disk could not read it.
  truncated,         // The file no longer has the bytes that were mapped.
  other,
};

// A sentence fragment for people: "permission denied".
[[nodiscard]] std::string_view message(error e) noexcept;
// The enumerator's name: "access_denied".
[[nodiscard]] std::string_view name(error e) noexcept;

}  // namespace quire::io
