// POSIX systems whose kernels offer none of this: paths are walked, and every read goes to the pool.
#include <quire/io/posix/kernel.hpp>

#include <fcntl.h>

#include <cerrno>

namespace quire::io::posix {

int const open_flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

int open_resident(int, char const*) noexcept {
  return -EAGAIN;
}

int open_confined(int, char const*) noexcept {
  return -ENOSYS;
}

int open_for_lookup(int directory, char const* name) noexcept {
  int const r = ::openat(directory, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return r >= 0 ? r : -errno;
}

ssize_t read_resident(int, iovec const*, int, off_t) noexcept {
  errno = EOPNOTSUPP;
  return -1;
}

}  // namespace quire::io::posix
