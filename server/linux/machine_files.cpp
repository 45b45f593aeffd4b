#include <quire/io/posix/descriptor.hpp>
#include <quire/server/linux/kernel_setting.hpp>
#include <quire/server/machine.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/openat2.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <optional>

namespace quire::server {
namespace {

namespace fs = std::filesystem;
using io::posix::descriptor;

constexpr int rwf_dontcache = 0x80;  // Linux 6.14; younger than the headers of some systems.

struct file_system {
  std::uint64_t magic;
  std::string_view name;
  bool remote;  // What others change in it, this kernel does not hear of.
};
constexpr std::array<file_system, 12> file_systems = {{
    {0xEF53, "ext4", false},
    {0x58465342, "xfs", false},
    {0x9123683E, "btrfs", false},
    {0xF2F52010, "f2fs", false},
    {0x2FC12FC1, "zfs", false},
    {0x01021994, "tmpfs", false},
    {0x794C7630, "overlay", false},
    {0x73717368, "squashfs", false},
    {0x6969, "nfs", true},
    {0xFF534D42, "cifs", true},
    {0x01021997, "9p", true},
    {0x65735546, "fuse", true},
}};

finding examine_file_system(std::string const& root) {
  struct statfs s {};
  if (::statfs(root.c_str(), &s) != 0) return {"file system", "unknown"};
  auto const magic = static_cast<std::uint32_t>(s.f_type);
  auto const it = std::find_if(file_systems.begin(), file_systems.end(),
                               [&](file_system const& f) { return f.magic == magic; });
  if (it == file_systems.end()) return {"file system", fmt::format("{:#x}", magic)};
  finding f{"file system", std::string(it->name)};
  if (it->remote) {
    f.judged = verdict::costs;
    f.cost = "a look at a file may wait for another machine or program";
    f.advice = "serve from a local disk, or set --revalidate to look less often";
  }
  return f;
}

// A file to try things on: the first regular one, not far below the root; else one without a name.
descriptor sample_file(std::string const& root) {
  std::error_code error;
  int left = 1000;
  for (fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied,
                                           error);
       !error && it != fs::recursive_directory_iterator() && left-- != 0; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || it->is_symlink(ignored)) continue;
    descriptor file(::open(it->path().c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    if (file) return file;
  }
  return descriptor(::open(root.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

finding examine_direct_reads(int file) {
  finding f{"direct reads", "", verdict::good};
  struct statx s {};
  bool const known = ::statx(file, "", AT_EMPTY_PATH, STATX_DIOALIGN, &s) == 0 &&
                     (s.stx_mask & STATX_DIOALIGN) != 0;
  std::string const path = fmt::format("/proc/self/fd/{}", file);
  descriptor const direct(::open(path.c_str(), O_RDONLY | O_DIRECT | O_CLOEXEC));
  if (direct && known && s.stx_dio_offset_align != 0) {
    f.value = fmt::format("yes, aligned to {} in the file and {} in memory", s.stx_dio_offset_align,
                          s.stx_dio_mem_align);
  } else if (direct && !known) {
    f.value = "yes, with an alignment that the file system does not tell";
  } else {
    f.value = "no";
    f.judged = verdict::costs;
    f.cost = "files that the server keeps are kept by the system once more";
  }
  return f;
}

// With flags that a read either knows or refuses. Nothing: the read failed for another reason.
std::optional<bool> reads_with(int file, int flags) {
  std::array<char, 512> memory;
  iovec const span{memory.data(), memory.size()};
  ssize_t const n = ::preadv2(file, &span, 1, 0, flags);
  if (n >= 0 || errno == EAGAIN) return true;
  if (errno == EOPNOTSUPP || errno == EINVAL || errno == ENOSYS) return false;
  return std::nullopt;
}

finding examine_read_flag(int file, std::string const& name, int flag, std::string const& cost) {
  auto const there = reads_with(file, flag);
  if (!there) return {name, "unknown"};
  if (*there) return {name, "yes", verdict::good};
  return {name, "no", verdict::costs, cost, {}};
}

finding examine_confined_opening(std::string const& root) {
  descriptor const directory(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
  open_how how{};
  how.flags = O_PATH | O_CLOEXEC;
  how.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS;
  descriptor const opened(
      static_cast<int>(::syscall(SYS_openat2, directory.get(), ".", &how, sizeof how)));
  if (opened) return {"opening below the root", "by openat2", verdict::good};
  return {"opening below the root", "name by name", verdict::costs,
          "several system calls for each directory on the way to a file",
          "Linux 5.6, and a container that allows openat2"};
}

finding examine_watches() {
  auto const watches = read_number("/proc/sys/fs/inotify/max_user_watches");
  if (!watches) return {"fs.inotify.max_user_watches", "unknown"};
  finding f{"fs.inotify.max_user_watches", fmt::format("{}", *watches), verdict::good};
  constexpr std::int64_t wanted = 8192;
  if (*watches < wanted) {
    f.judged = verdict::costs;
    f.cost = "changes in the directories beyond it are found by looking, not by notice";
    f.advice = fmt::format("sysctl -w fs.inotify.max_user_watches={}", wanted);
  }
  return f;
}

}  // namespace

std::vector<finding> examine_files(std::string const& root) {
  std::vector<finding> found = {examine_file_system(root), examine_confined_opening(root)};
  if (descriptor const file = sample_file(root)) {
    found.push_back(examine_direct_reads(file.get()));
    found.push_back(examine_read_flag(file.get(), "reads of what is in memory", RWF_NOWAIT,
                                      "every read goes through a thread of the pool"));
    found.push_back(
        examine_read_flag(file.get(), "uncached reads", rwf_dontcache,
                          "large files that are read once push others out of the system's cache"));
  } else {
    found.push_back({"reads", "unknown: there is no file to try them on"});
  }
  found.push_back(examine_watches());
  return found;
}

}  // namespace quire::server
