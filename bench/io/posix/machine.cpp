#include "bench/io/machine.hpp"

#include <malloc.h>
#include <sched.h>
#include <sys/resource.h>
#include <unistd.h>

#include <cstdlib>
#include <ctime>
#include <fstream>
#include <string>

namespace quire::bench {
namespace {

// The clocks of CPU time, not getrusage(): that one lags behind by up to a tick.
std::chrono::nanoseconds read_clock(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return std::chrono::seconds(t.tv_sec) + std::chrono::nanoseconds(t.tv_nsec);
}

// The value of the first line that begins with `key`, without what separates them.
std::string value_in(char const* path, std::string const& key) {
  std::ifstream in(path);
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with(key)) continue;
    std::size_t const start = line.find_first_not_of(": \t", key.size());
    return start == std::string::npos ? std::string() : line.substr(start);
  }
  return {};
}

}  // namespace

std::chrono::nanoseconds thread_cpu_time() {
  return read_clock(CLOCK_THREAD_CPUTIME_ID);
}

std::chrono::nanoseconds process_cpu_time() {
  return read_clock(CLOCK_PROCESS_CPUTIME_ID);
}

void pin_to_core(unsigned number) {
  // Of the thread that the program started with: threads that it starts inherit what that has now.
  static cpu_set_t const allowed = [] {
    cpu_set_t set;
    CPU_ZERO(&set);
    ::sched_getaffinity(0, sizeof set, &set);
    return set;
  }();
  auto const count = static_cast<unsigned>(CPU_COUNT(&allowed));
  if (count == 0) return;
  unsigned left = number % count;
  for (std::size_t core = 0; core != CPU_SETSIZE; ++core) {
    if (!CPU_ISSET(core, &allowed) || left-- != 0) continue;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(core, &one);
    ::sched_setaffinity(0, sizeof one, &one);
    return;
  }
}

std::string_view caution() {
  return {};
}

memory_in_use measure_memory() {
  ::malloc_trim(0);
  struct mallinfo2 const heap = ::mallinfo2();
  std::size_t const kibibytes =
      std::strtoul(value_in("/proc/self/status", "RssAnon").c_str(), nullptr, 10);
  return {heap.uordblks + heap.hblkhd, kibibytes * 1024};
}

std::size_t raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
  ::getrlimit(RLIMIT_NOFILE, &limit);
  return limit.rlim_cur;
}

}  // namespace quire::bench
