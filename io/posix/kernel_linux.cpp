#include <quire/io/posix/kernel.hpp>

#include <fcntl.h>
#include <linux/openat2.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>

namespace quire::io::posix {
namespace {

// Kernels from 5.6 have openat2(), from 5.12 RESOLVE_CACHED; some containers forbid the call.
std::atomic<bool> has_openat2{true};
std::atomic<bool> has_resolve_cached{true};

int openat2(int directory, char const* path, std::uint64_t resolve) noexcept {
  open_how how{};
  how.flags = static_cast<unsigned>(open_flags);
  how.resolve = std::uint64_t{RESOLVE_BENEATH} | RESOLVE_NO_MAGICLINKS | resolve;
  long const r = ::syscall(SYS_openat2, directory, path, &how, sizeof how);
  return r >= 0 ? static_cast<int>(r) : -errno;
}

// A filter that forbids system calls answers EPERM or ENOSYS to this one, too; a kernel that has it
// opens the directory itself.
bool is_forbidden(int directory) noexcept {
  int const r = openat2(directory, ".", 0);
  if (r >= 0) ::close(r);
  return r == -ENOSYS || r == -EPERM;
}

}  // namespace

int const open_flags = O_RDONLY | O_NONBLOCK | O_CLOEXEC | O_NOCTTY;

int open_resident(int directory, char const* path) noexcept {
  if (!has_openat2.load(std::memory_order_relaxed)) return -EAGAIN;
  if (!has_resolve_cached.load(std::memory_order_relaxed)) return -EAGAIN;
  int const r = openat2(directory, path, RESOLVE_CACHED);
  if (r == -EINVAL) has_resolve_cached.store(false, std::memory_order_relaxed);
  return r == -EINVAL || r == -ENOSYS || r == -EPERM ? -EAGAIN : r;
}

int open_confined(int directory, char const* path) noexcept {
  constexpr int tries_max = 100;
  if (!has_openat2.load(std::memory_order_relaxed)) return -ENOSYS;
  int r = -EAGAIN;
  // EAGAIN: something was renamed meanwhile, so that the kernel cannot be sure about a "..".
  for (int i = 0; i != tries_max && (r == -EAGAIN || r == -EINTR); ++i)
    r = openat2(directory, path, 0);
  if ((r == -ENOSYS || r == -EPERM) && is_forbidden(directory)) {
    has_openat2.store(false, std::memory_order_relaxed);
    return -ENOSYS;
  }
  return r;
}

int open_for_lookup(int directory, char const* name) noexcept {
  int const r = ::openat(directory, name, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  return r >= 0 ? r : -errno;
}

ssize_t read_resident(int file, iovec const* spans, int count, off_t offset) noexcept {
  ssize_t const n = ::preadv2(file, spans, count, offset, RWF_NOWAIT);
  if (n < 0 && (errno == ENOSYS || errno == EINVAL)) errno = EOPNOTSUPP;
  return n;
}

}  // namespace quire::io::posix
