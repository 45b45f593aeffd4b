#include <quire/buffer/page_pool.hpp>
#include <quire/io/file_mode.hpp>
#include <quire/io/posix/descriptor.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/kernel_notices.hpp>
#include <quire/server/linux/kernel_setting.hpp>
#include <quire/server/machine.hpp>
#include <quire/server/sample_file.hpp>

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/uio.h>
#include <sys/vfs.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <thread>

namespace quire::server {
namespace {

namespace kernel = io::posix;
using io::posix::descriptor;

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

// A file to try things on: one of the site's, else one without a name.
descriptor open_sample(std::string const& root) {
  if (std::filesystem::path const path = sample_file(root); !path.empty()) {
    return descriptor(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
  }
  return descriptor(::open(root.c_str(), O_TMPFILE | O_RDWR | O_CLOEXEC, 0600));
}

// Memory that suits direct reads of any alignment that the program accepts.
struct aligned_page {
  alignas(page_pool::page_size) std::array<char, page_pool::page_size> memory;
  iovec span() noexcept { return {memory.data(), memory.size()}; }
};

std::string file_io_costs(io::file_mode mode) {
  return fmt::format("--file-io {} reads through the system's cache, as --file-io buffered does",
                     io::name(mode));
}

// As the program reads: what a file system takes when a file is opened, it may still refuse.
finding examine_direct_reads(int file) {
  std::uint32_t const alignment = kernel::begin_direct(file);
  aligned_page page;
  iovec const span = page.span();
  bool const reads =
      alignment != 0 && kernel::read_waiting(io::file_mode::direct, file, &span, 1, 0) >= 0;
  if (alignment != 0) kernel::end_direct(file);
  if (reads) return {"direct reads", fmt::format("yes, aligned to {}", alignment), verdict::good};
  return {"direct reads", "no", verdict::costs, file_io_costs(io::file_mode::direct), {}};
}

finding examine_uncached_reads(int file) {
  aligned_page page;
  iovec const span = page.span();
  if (kernel::read_waiting(io::file_mode::uncached, file, &span, 1, 0) >= 0) {
    return {"uncached reads", "yes", verdict::good};
  }
  return {"uncached reads", "no", verdict::costs, file_io_costs(io::file_mode::uncached),
          "Linux 6.14, and a file system that knows RWF_DONTCACHE"};
}

// io_uring has its own way.
finding examine_resident_reads(int file) {
  aligned_page page;
  iovec const span = page.span();
  ssize_t const n = kernel::read_resident(io::file_mode::buffered, file, &span, 1, 0);
  if (n >= 0 || errno == EAGAIN) return {"reads of what is in memory", "yes", verdict::good};
  return {"reads of what is in memory",
          "no",
          verdict::costs,
          "with --io epoll and asio every read goes through a thread of the pool",
          {}};
}

finding examine_confined_opening(int root) {
  bool one_path = false;
  if (descriptor const opened(kernel::open_confined(root, ".", one_path)); opened) {
    return {"opening below the root", "by openat2", verdict::good};
  }
  return {"opening below the root", "name by name", verdict::costs,
          "several system calls for each directory on the way to a file",
          "Linux 5.6, and a container that allows openat2"};
}

finding examine_resident_opening(int root) {
  bool one_path = false;
  if (descriptor const opened(kernel::open_resident(root, ".", one_path)); opened) {
    return {"opening what is in memory", "yes", verdict::good};
  }
  return {"opening what is in memory", "no", verdict::costs,
          "every look at a file goes through a thread of the pool",
          "Linux 5.12, and a container that allows openat2"};
}

// As a worker watches its root.
finding examine_notices(int root) {
  descriptor const notices(kernel::open_notices());
  int const watch = notices ? kernel::watch_beneath(notices.get(), root, {}) : -ENOSYS;
  if (watch >= 0) return {"change notices", "yes", verdict::good};
  finding f{"change notices", "no", verdict::costs,
            "each turn of the loop looks at the files that it answers with: three system calls for "
            "each, and a round trip where they lie on another machine",
            "set --revalidate 1000 to look once a second"};
  if (watch == -EOPNOTSUPP) {
    f.value = "no: on this file system they do not tell of every change";
    f.advice = "serve from a local file system, or " + f.advice;
  }
  return f;
}

finding examine_notice_limit(std::string const& name, std::int64_t wanted,
                             std::string const& cost) {
  std::string const setting = "fs.inotify." + name;
  auto const limit = read_number("/proc/sys/fs/inotify/" + name);
  if (!limit) {
    return {setting,
            "unknown",
            verdict::costs,
            "there are no notices of changes: files are looked at to find them",
            {}};
  }
  finding f{setting, fmt::format("{}", *limit), verdict::good};
  if (*limit < wanted) {
    f.judged = verdict::costs;
    f.cost = cost;
    f.advice = fmt::format("sysctl -w {}={}", setting, wanted);
  }
  return f;
}

}  // namespace

std::vector<finding> examine_files(std::string const& root) {
  std::vector<finding> found = {examine_file_system(root)};
  if (descriptor const directory(::open(root.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
      directory) {
    found.push_back(examine_confined_opening(directory.get()));
    found.push_back(examine_resident_opening(directory.get()));
    found.push_back(examine_notices(directory.get()));
  }
  if (descriptor const file = open_sample(root)) {
    found.push_back(examine_direct_reads(file.get()));
    found.push_back(examine_uncached_reads(file.get()));
    found.push_back(examine_resident_reads(file.get()));
  } else {
    found.push_back({"reads", "unknown: there is no file to try them on"});
  }
  // Each worker has an instance, with a watch for each directory that it knows.
  found.push_back(
      examine_notice_limit("max_user_instances", std::max(1U, std::thread::hardware_concurrency()),
                           "the workers beyond it find changes by looking, not by notice"));
  found.push_back(examine_notice_limit(
      "max_user_watches", 8192,
      "changes in the directories beyond it are found by looking, not by notice"));
  return found;
}

}  // namespace quire::server
