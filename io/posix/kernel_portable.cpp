// POSIX systems whose kernels offer none of this: paths are walked, and every read goes to the
// pool.
#include <quire/io/posix/kernel.hpp>

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>

#include <cerrno>
#include <cstdint>
#include <cstring>

namespace quire::io::posix {

int const open_flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

int open_resident(int, char const*, bool&) noexcept {
  return -EAGAIN;
}

int open_confined(int, char const*, bool&) noexcept {
  return -ENOSYS;
}

int open_for_lookup(int directory, char const* name) noexcept {
  int const r = ::openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return r >= 0 ? r : -errno;
}

ssize_t read_resident(file_mode, int, iovec const*, int, off_t) noexcept {
  errno = EOPNOTSUPP;
  return -1;
}

ssize_t read_waiting(file_mode, int file, iovec const* spans, int count, off_t offset) noexcept {
  return ::preadv(file, spans, count, offset);
}

bool const has_uncached_reads = false;

std::uint32_t begin_direct(int) noexcept {
  return 0;
}

void end_direct(int) noexcept {}

bool is_resident(void*, std::size_t) noexcept {
  return false;
}

int make_resident(void*, std::size_t) noexcept {
  return EOPNOTSUPP;
}

send_outcome send_constant(int socket, char const* data, std::size_t size) noexcept {
  ssize_t const n = ::send(socket, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  return {n, n >= 0 && static_cast<std::size_t>(n) != size};
}

int const more_follows = 0;

}  // namespace quire::io::posix
