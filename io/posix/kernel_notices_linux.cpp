#include <quire/io/posix/descriptor.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/kernel_notices.hpp>
#include <quire/io/posix/open_beneath.hpp>
#include <quire/io/uring/ring.hpp>

#include <linux/magic.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/statfs.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <new>
#include <utility>

namespace quire::io::posix {
namespace {

// No name of what is open but unlinked: nobody finds it any more.
constexpr std::uint32_t told = IN_MODIFY | IN_ATTRIB | IN_CREATE | IN_DELETE | IN_MOVE |
                               IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_EXCL_UNLINK;

// File systems on which nothing changes but by calls of this kernel, which tells of them. On the
// others, those of a network, of other kernels' making, and those that lie over others, files
// change unseen.
constexpr std::uint32_t zfs_magic = 0x2fc12fc1;
constexpr std::uint32_t bcachefs_magic = 0xca451a4e;
constexpr std::array<std::uint32_t, 10> local = {
    EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, F2FS_SUPER_MAGIC,  zfs_magic,
    bcachefs_magic,   TMPFS_MAGIC,     RAMFS_MAGIC,       MSDOS_SUPER_MAGIC, EXFAT_SUPER_MAGIC};

bool tells_of_all_changes(int directory) noexcept {
  struct statfs s {};
  if (::fstatfs(directory, &s) != 0) return false;
  auto const type = static_cast<std::uint32_t>(s.f_type);
  return std::find(local.begin(), local.end(), type) != local.end();
}

}  // namespace

int open_notices() noexcept {
  int const r = ::inotify_init1(IN_NONBLOCK | IN_CLOEXEC);
  return r >= 0 ? r : -errno;
}

int watch_beneath(int notices, int directory, std::string_view path) noexcept {
  bool one_path = false;
  int const r = open_beneath(directory, path.empty() ? "." : path, one_path);
  if (r < 0) return r;
  descriptor const opened(r);
  if (!one_path || !tells_of_all_changes(r)) return -EOPNOTSUPP;
  // By the descriptor: the path may mean something else by now.
  std::array<char, 32> name;
  std::snprintf(name.data(), name.size(), "/proc/self/fd/%d", r);
  int const number = ::inotify_add_watch(notices, name.data(), told);
  return number >= 0 ? number : -errno;
}

void forget_watch(int notices, int number) noexcept {
  // It can fail only when the directory has gone, and the watch with it.
  static_cast<void>(::inotify_rm_watch(notices, number));
}

struct notice_alarm::state {
  uring::ring ring;
  bool queued = false;  // The poll waits for the kernel to take it.
  bool polls = false;
};

notice_alarm::notice_alarm() noexcept = default;
notice_alarm::~notice_alarm() = default;

void notice_alarm::open() noexcept {
  state_.reset(new (std::nothrow) state);
  if (state_ && state_->ring.open(1, uring::delivery::with_calls) != 0) state_.reset();
}

bool notice_alarm::is_on() noexcept {
  if (!state_) return true;
  if (!state_->ring.has_completion()) return !state_->polls;
  state_->ring.drop_completion();
  state_->polls = false;
  return true;
}

void notice_alarm::reset(int notices) noexcept {
  if (!state_ || state_->polls) return;
  if (!std::exchange(state_->queued, true)) {
    io_uring_sqe& poll = state_->ring.next_entry();
    poll.opcode = IORING_OP_POLL_ADD;
    poll.fd = notices;
    poll.poll32_events = POLLIN;
  }
  state_->ring.submit();
  state_->polls = state_->ring.failure() == 0;
  state_->queued = !state_->polls;
}

bool read_notice(char const* events, std::size_t& position, change_notice& out) noexcept {
  inotify_event e;
  std::memcpy(&e, events + position, sizeof e);
  char const* const name = events + position + sizeof e;
  position += sizeof e + e.len;
  if ((e.mask & IN_Q_OVERFLOW) != 0) {
    out = {};
    return true;
  }
  out.watch = e.wd;
  if (e.len == 0) {
    // Of the directory itself. That its status has changed is told by the one above it.
    out.what = change::gone;
    out.name = {};
    return (e.mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)) != 0;
  }
  out.name = {name, ::strnlen(name, e.len)};
  bool const of_content =
      (e.mask & IN_MODIFY) != 0 || ((e.mask & IN_ATTRIB) != 0 && (e.mask & IN_ISDIR) == 0);
  out.what = of_content ? change::content : change::name;
  return true;
}

}  // namespace quire::io::posix
