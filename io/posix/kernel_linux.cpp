#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/system_page.hpp>

#include <fcntl.h>
#include <linux/magic.h>
#include <linux/openat2.h>
#include <linux/stat.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/statfs.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cerrno>
#include <cstddef>
#include <cstdint>
#include <cstring>

namespace quire::io::posix {
namespace {

// Kernels from 5.6 have openat2(), from 5.12 RESOLVE_CACHED; some containers forbid the call.
std::atomic<bool> has_openat2{true};
std::atomic<bool> has_resolve_cached{true};

// Younger than the headers of some systems that this is built on.
constexpr int rwf_dontcache = 0x80;          // Linux 6.14.
constexpr int madv_populate_read = 22;       // Linux 5.14.
constexpr unsigned statx_dioalign = 0x2000;  // Linux 6.1, with two numbers at the end of what
constexpr std::size_t dio_memory_at = 0x98;  // older headers know of struct statx.
constexpr std::size_t dio_offset_at = 0x9c;

// References to pages that go from this process to sockets. One for each thread that sends.
class page_pipe {
 public:
  page_pipe() = default;
  page_pipe(page_pipe const&) = delete;
  page_pipe& operator=(page_pipe const&) = delete;
  ~page_pipe() { close(); }

  bool open() noexcept {
    if (is_open()) return true;
    if (::pipe2(ends_.data(), O_CLOEXEC | O_NONBLOCK) != 0) return false;
    // One that stays smaller takes more calls.
    static_cast<void>(::fcntl(entry(), F_SETPIPE_SZ, size_wanted));
    return true;
  }
  // Forgets so many bytes, which are all that is in it.
  void empty(std::size_t size) noexcept {
    static int const nowhere = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
    while (size != 0) {
      ssize_t const n = ::splice(exit(), nullptr, nowhere, nullptr, size, SPLICE_F_NONBLOCK);
      if (n <= 0) return close();
      size -= static_cast<std::size_t>(n);
    }
  }
  void close() noexcept {
    if (!is_open()) return;
    ::close(exit());
    ::close(entry());
    ends_ = {-1, -1};
  }
  int exit() const noexcept { return ends_[0]; }
  int entry() const noexcept { return ends_[1]; }

 private:
  static constexpr int size_wanted = 512 << 10;

  bool is_open() const noexcept { return ends_[0] >= 0; }

  std::array<int, 2> ends_{-1, -1};
};

// What is asked for where the file system does not say what it needs. No disk wants more.
constexpr std::uint32_t alignment_max = 4096;

int mode_flags(file_mode mode) noexcept {
  return mode == file_mode::uncached ? rwf_dontcache : 0;
}

std::uint32_t number_at(struct statx const& s, std::size_t offset) noexcept {
  std::uint32_t number = 0;
  std::memcpy(&number, reinterpret_cast<char const*>(&s) + offset, sizeof number);
  return number;
}

// What direct reads of this file must be multiples of; 0: they cannot be had.
std::uint32_t direct_alignment(int file) noexcept {
  struct statx s {};
  if (::syscall(SYS_statx, file, "", AT_EMPTY_PATH, statx_dioalign, &s) == 0 &&
      (s.stx_mask & statx_dioalign) != 0) {
    std::uint32_t const memory = number_at(s, dio_memory_at);
    std::uint32_t const offset = number_at(s, dio_offset_at);
    if (memory == 0 || offset == 0) return 0;
    return std::max(memory, offset) <= alignment_max ? std::max(memory, offset) : 0;
  }
  // It takes the flag, and reads from its cache all the same: there is nothing else.
  struct statfs f {};
  if (::fstatfs(file, &f) == 0 && f.f_type == TMPFS_MAGIC) return 0;
  return alignment_max;
}

int openat2(int directory, char const* path, std::uint64_t resolve) noexcept {
  open_how how{};
  how.flags = static_cast<unsigned>(open_flags);
  how.resolve = std::uint64_t{RESOLVE_BENEATH} | RESOLVE_NO_MAGICLINKS | resolve;
  long const r = ::syscall(SYS_openat2, directory, path, &how, sizeof how);
  return r >= 0 ? static_cast<int>(r) : -errno;
}

// Most paths have neither links nor mounts on them: that is tried first.
int openat2(int directory, char const* path, std::uint64_t resolve, bool& one_path) noexcept {
  int const r = openat2(directory, path, resolve | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
  one_path = r != -ELOOP && r != -EXDEV;
  return one_path ? r : openat2(directory, path, resolve);
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

int open_resident(int directory, char const* path, bool& one_path) noexcept {
  if (!has_openat2.load(std::memory_order_relaxed)) return -EAGAIN;
  if (!has_resolve_cached.load(std::memory_order_relaxed)) return -EAGAIN;
  int const r = openat2(directory, path, RESOLVE_CACHED, one_path);
  if (r == -EINVAL) has_resolve_cached.store(false, std::memory_order_relaxed);
  return r == -EINVAL || r == -ENOSYS || r == -EPERM ? -EAGAIN : r;
}

int open_confined(int directory, char const* path, bool& one_path) noexcept {
  constexpr int tries_max = 100;
  if (!has_openat2.load(std::memory_order_relaxed)) return -ENOSYS;
  int r = -EAGAIN;
  // EAGAIN: something was renamed meanwhile, so that the kernel cannot be sure about a "..".
  for (int i = 0; i != tries_max && (r == -EAGAIN || r == -EINTR); ++i)
    r = openat2(directory, path, 0, one_path);
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

ssize_t read_resident(file_mode mode, int file, iovec const* spans, int count,
                      off_t offset) noexcept {
  ssize_t const n = ::preadv2(file, spans, count, offset, RWF_NOWAIT | mode_flags(mode));
  if (n < 0 && (errno == ENOSYS || errno == EINVAL)) errno = EOPNOTSUPP;
  return n;
}

ssize_t read_waiting(file_mode mode, int file, iovec const* spans, int count,
                     off_t offset) noexcept {
  return mode == file_mode::uncached ? ::preadv2(file, spans, count, offset, rwf_dontcache)
                                     : ::preadv(file, spans, count, offset);
}

bool const has_uncached_reads = true;

std::uint32_t begin_direct(int file) noexcept {
  std::uint32_t const alignment = direct_alignment(file);
  if (alignment == 0) return 0;
  int const flags = ::fcntl(file, F_GETFL);
  return flags >= 0 && ::fcntl(file, F_SETFL, flags | O_DIRECT) == 0 ? alignment : 0;
}

void end_direct(int file) noexcept {
  int const flags = ::fcntl(file, F_GETFL);
  if (flags >= 0) ::fcntl(file, F_SETFL, flags & ~O_DIRECT);
}

bool is_resident(void* first, std::size_t size) noexcept {
  std::size_t const page = system_page_size();
  std::array<unsigned char, 512> states;
  auto* at = static_cast<char*>(first);
  for (std::size_t left = in_system_pages(size) / page; left != 0;) {
    std::size_t const count = std::min(left, states.size());
    if (::mincore(at, count * page, states.data()) != 0) return false;
    if (!std::all_of(states.begin(), states.begin() + static_cast<std::ptrdiff_t>(count),
                     [](unsigned char state) { return (state & 1) != 0; })) {
      return false;
    }
    at += count * page;
    left -= count;
  }
  return true;
}

int make_resident(void* first, std::size_t size) noexcept {
  // No MADV_WILLNEED before it: that reads page by page into the cache, at five times the cost.
  while (::madvise(first, size, madv_populate_read) != 0) {
    if (errno == EINVAL) return EOPNOTSUPP;
    if (errno == EHWPOISON) return EIO;
    if (errno != EINTR && errno != EAGAIN) return errno;
  }
  return 0;
}

// Where there is no pipe, or calls on it are forbidden, the bytes are copied.
send_outcome send_constant(int socket, char const* data, std::size_t size) noexcept {
  static thread_local page_pipe pipe;
  std::size_t done = 0;
  while (done != size && pipe.open()) {
    iovec const rest{const_cast<char*>(data) + done, size - done};
    ssize_t const in = ::vmsplice(pipe.entry(), &rest, 1, SPLICE_F_NONBLOCK);
    if (in <= 0) break;
    done += static_cast<std::size_t>(in);
    unsigned const flags = SPLICE_F_NONBLOCK | (done != size ? SPLICE_F_MORE : 0);
    ssize_t const out =
        ::splice(pipe.exit(), nullptr, socket, nullptr, static_cast<std::size_t>(in), flags);
    if (out == in) continue;
    // What the socket has not taken must not reach another one.
    int const number = out < 0 ? errno : EAGAIN;
    auto const left = static_cast<std::size_t>(in - std::max<ssize_t>(out, 0));
    pipe.empty(left);
    done -= left;
    errno = number;
    return {done != 0 ? static_cast<ssize_t>(done) : -1, true};
  }
  if (done != 0) return {static_cast<ssize_t>(done), false};
  ssize_t const n = ::send(socket, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
  return {n, n >= 0 && static_cast<std::size_t>(n) != size};
}

int const more_follows = MSG_MORE;

}  // namespace quire::io::posix
