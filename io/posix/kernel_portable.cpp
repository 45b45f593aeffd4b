// POSIX systems whose kernels offer none of this: paths are walked, and every read goes to the pool.
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

int make_memory(std::uint64_t size, file_memory& out) noexcept {
  if (size > PTRDIFF_MAX) return ENOMEM;
  void* const memory = ::mmap(nullptr, static_cast<std::size_t>(size), PROT_READ | PROT_WRITE,
                              MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory == MAP_FAILED) return errno;
  out.data = static_cast<char*>(memory);
  return 0;
}

int write_memory(file_memory const& m, std::uint64_t offset, char const* data,
                 std::size_t size) noexcept {
  std::memcpy(m.data + offset, data, size);
  return 0;
}

int seal_memory(file_memory const& m, std::uint64_t size) noexcept {
  return ::mprotect(m.data, static_cast<std::size_t>(size), PROT_READ) == 0 ? 0 : errno;
}

ssize_t send_memory(int socket, file_memory const& m, std::uint64_t offset,
                    std::size_t size) noexcept {
  return ::send(socket, m.data + offset, size, MSG_NOSIGNAL | MSG_DONTWAIT);
}

void free_memory(file_memory const& m, std::uint64_t size) noexcept {
  ::munmap(m.data, static_cast<std::size_t>(size));
}

int const more_follows = 0;

}  // namespace quire::io::posix
