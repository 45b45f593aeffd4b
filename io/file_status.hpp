// What a file is, as the file system says it.
#pragma once

#include <cstdint>

namespace quire::io {

enum class file_type : std::uint8_t { regular, directory, other };

struct file_status {
  std::uint64_t size = 0;        // Bytes.
  std::int64_t modified_ns = 0;  // Nanoseconds since 1970, UTC.
  std::int64_t changed_ns =
      0;                    // The same for the inode; the modification time where there is none.
  std::uint64_t inode = 0;  // With `device` the identity of the file.
  std::uint64_t device = 0;
  std::uint64_t links =
      1;  // Names that it has; 0: it was removed, and is there for who has it open.
  file_type type = file_type::other;

  friend bool operator==(file_status const&, file_status const&) = default;
};

}  // namespace quire::io
