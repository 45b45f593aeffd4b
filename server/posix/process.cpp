#include <quire/server/process.hpp>

#include <pthread.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cinttypes>
#include <csignal>
#include <cstdio>
#include <limits>

namespace quire::server::process {
namespace {

sigset_t stop_signals() noexcept {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGTERM);
  sigaddset(&set, SIGINT);
  return set;
}

// A limit of a control group of Linux; none when the file does not hold a number ("max").
std::uint64_t limit_in(char const* path) noexcept {
  std::uint64_t limit = 0;
  std::FILE* const file = std::fopen(path, "re");
  if (file == nullptr) return std::numeric_limits<std::uint64_t>::max();
  bool const is_number = std::fscanf(file, "%" SCNu64, &limit) == 1;
  std::fclose(file);
  return is_number ? limit : std::numeric_limits<std::uint64_t>::max();
}

}  // namespace

std::uint64_t memory_of_machine() noexcept {
  long const pages = ::sysconf(_SC_PHYS_PAGES);
  long const page_size = ::sysconf(_SC_PAGESIZE);
  if (pages <= 0 || page_size <= 0) return 0;
  std::uint64_t const all =
      static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size);
  return std::min({all, limit_in("/sys/fs/cgroup/memory.max"),
                   limit_in("/sys/fs/cgroup/memory/memory.limit_in_bytes")});
}

std::uint64_t raise_descriptor_limit() noexcept {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return 1024;
  if (limit.rlim_cur != limit.rlim_max) {
    rlimit const wanted{limit.rlim_max, limit.rlim_max};
    if (::setrlimit(RLIMIT_NOFILE, &wanted) == 0) limit = wanted;
  }
  return limit.rlim_cur;
}

void catch_stop_signals() noexcept {
  sigset_t const set = stop_signals();
  ::pthread_sigmask(SIG_BLOCK, &set, nullptr);
  std::signal(SIGPIPE, SIG_IGN);
}

void wait_for_stop() noexcept {
  sigset_t const set = stop_signals();
  int taken = 0;
  while (::sigwait(&set, &taken) != 0) {
  }
}

void ask_to_stop() noexcept {
  ::kill(::getpid(), SIGTERM);
}

void end_now(int exit_code) noexcept {
  ::_exit(exit_code);
}

}  // namespace quire::server::process
