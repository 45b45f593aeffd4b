// What only some kernels offer, with what takes its place elsewhere: one source file for each.
#pragma once

#include <quire/buffer/memory_span.hpp>

#include <sys/types.h>
#include <sys/uio.h>

namespace quire::io::posix {

// How files are opened: for reading, never waiting for a pipe's other end, never becoming the
// controlling terminal. Directories open as well.
extern int const open_flags;

// Opens a file below a directory, confined to it (clause 17), from what the kernel has in memory.
// Returns a descriptor or a negated errno: -EAGAIN when it would have to wait for a disk, or when
// this kernel cannot tell.
[[nodiscard]] int open_resident(int directory, char const* path) noexcept;

// The same; waits if it must. Returns a descriptor or a negated errno; -ENOSYS when this kernel
// cannot confine a path.
[[nodiscard]] int open_confined(int directory, char const* path) noexcept;

// Opens one name in a directory, which must itself be a directory and no symbolic link, to look up
// names in it. Returns a descriptor or a negated errno.
[[nodiscard]] int open_for_lookup(int directory, char const* name) noexcept;

// Reads what is in memory. -1 with errno EAGAIN when nothing of it is; EOPNOTSUPP when the file
// system or the kernel cannot tell.
[[nodiscard]] ssize_t read_resident(int file, iovec const* spans, int count, off_t offset) noexcept;

// The layout of our spans is that of iovec, so lists of them are passed on as they are.
static_assert(sizeof(const_span) == sizeof(iovec) && sizeof(mutable_span) == sizeof(iovec));

}  // namespace quire::io::posix
