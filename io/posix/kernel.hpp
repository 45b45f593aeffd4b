// What only some kernels offer, with what takes its place elsewhere: one source file for each.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/io/file_mode.hpp>

#include <sys/types.h>
#include <sys/uio.h>

#include <cstddef>
#include <cstdint>

namespace quire::io::posix {

// How files are opened: for reading, never waiting for a pipe's other end, never becoming the
// controlling terminal. Directories open as well.
extern int const open_flags;

// Opens a file below a directory, confined to it (clause 17), from what the kernel has in memory.
// Returns a descriptor or a negated errno: -EAGAIN when it would have to wait for a disk, or when
// this kernel cannot tell. `one_path`: no symbolic link and no mount point lies on the path (clause
// 27).
[[nodiscard]] int open_resident(int directory, char const* path, bool& one_path) noexcept;

// The same; waits if it must. Returns a descriptor or a negated errno; -ENOSYS when this kernel
// cannot confine a path.
[[nodiscard]] int open_confined(int directory, char const* path, bool& one_path) noexcept;

// Opens one name in a directory, which must itself be a directory and no symbolic link, to look up
// names in it. Returns a descriptor or a negated errno.
[[nodiscard]] int open_for_lookup(int directory, char const* name) noexcept;

// Reads what is in memory. -1 with errno EAGAIN when nothing of it is; EOPNOTSUPP when the file
// system or the kernel cannot tell, or does not know uncached reads. Not for direct mode.
[[nodiscard]] ssize_t read_resident(file_mode mode, int file, iovec const* spans, int count,
                                    off_t offset) noexcept;

// Reads in this mode; waits if it must. errno EOPNOTSUPP or EINVAL: not in this mode.
[[nodiscard]] ssize_t read_waiting(file_mode mode, int file, iovec const* spans, int count,
                                   off_t offset) noexcept;

// False when uncached reads are unknown here, whatever the file system.
extern bool const has_uncached_reads;

// Reads of this open file pass the cache from now on; returns its alignment (clause 20). 0 when
// they do not: the file system does not do it, or wants more than a page of alignment.
[[nodiscard]] std::uint32_t begin_direct(int file) noexcept;
// Reads that begin from now on go through the cache again.
void end_direct(int file) noexcept;

// Whether every page from `first`, the start of a page, is in memory. False when this cannot be
// told.
[[nodiscard]] bool is_resident(void* first, std::size_t size) noexcept;

// Faults the pages of a mapping in; waits. An errno: EFAULT when a page lies behind the end of the
// file or cannot be read, EOPNOTSUPP when this kernel cannot do it without a signal.
[[nodiscard]] int make_resident(void* first, std::size_t size) noexcept;

struct send_outcome {
  ssize_t size;    // -1 and an errno when nothing was sent: EAGAIN among them.
  bool is_filled;  // The socket took less than it was given, so it tells when there is space again.
};

// Sends bytes that nobody changes any more, as many as the socket, which does not wait, takes;
// without a copy where this kernel can. Their memory may be given back, with munmap(), before the
// peer has them. May raise SIGPIPE.
[[nodiscard]] send_outcome send_constant(int socket, char const* data, std::size_t size) noexcept;

// The flag of send() that says that more follows at once.
extern int const more_follows;

// The layout of our spans is that of iovec, so lists of them are passed on as they are.
static_assert(sizeof(const_span) == sizeof(iovec) && sizeof(mutable_span) == sizeof(iovec));

}  // namespace quire::io::posix
