#include <quire/server/linux/kernel_setting.hpp>
#include <quire/server/machine.hpp>

#include <fmt/format.h>
#include <sched.h>
#include <sys/syscall.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cmath>
#include <ctime>
#include <sstream>
#include <thread>

namespace quire::server {
namespace {

// The shortest of several batches of calls, so that being interrupted does not count.
template <class Call>
std::chrono::nanoseconds shortest_batch(Call call) {
  auto shortest = std::chrono::nanoseconds::max();
  for (int batch = 0; batch != 8; ++batch) {
    auto const begin = std::chrono::steady_clock::now();
    for (int i = 0; i != 200; ++i) call();
    shortest =
        std::min<std::chrono::nanoseconds>(shortest, std::chrono::steady_clock::now() - begin);
  }
  return shortest;
}

finding examine_clock() {
  timespec t{};
  auto const by_library = shortest_batch([&] { ::clock_gettime(CLOCK_MONOTONIC, &t); });
  auto const by_kernel = shortest_batch([&] { ::syscall(SYS_clock_gettime, CLOCK_MONOTONIC, &t); });
  std::string const source =
      read_first_line("/sys/devices/system/clocksource/clocksource0/current_clocksource")
          .value_or("unknown");
  // The library's own call costs a small part of a system call, or all of one.
  if (by_library * 4 < by_kernel * 3) {
    return {"clock", source + ", read without a system call", verdict::good};
  }
  return {"clock", source + ", read by a system call", verdict::costs,
          "a system call more for each turn of the loop",
          "another clock source: see /sys/devices/system/clocksource/clocksource0/"};
}

finding examine_affinity() {
  unsigned const there = std::thread::hardware_concurrency();
  long const online = ::sysconf(_SC_NPROCESSORS_ONLN);
  cpu_set_t allowed;
  CPU_ZERO(&allowed);
  int const usable =
      ::sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 0;
  if (usable == 0) return {"processors", fmt::format("{}", there)};
  return {"processors", usable == online
                            ? fmt::format("{}", online)
                            : fmt::format("{} of {}, by its affinity", usable, online)};
}

// How much processor time the control group may have, in processors: the least of all groups on the
// way up. Nothing: no limit.
std::optional<double> group_limit() {
  std::optional<double> least;
  auto const note = [&](double quota, double period) {
    if (quota > 0 && period > 0) least = std::min(least.value_or(1e9), quota / period);
  };
  std::string path = read_first_line("/proc/self/cgroup").value_or("");
  path = path.starts_with("0::") ? path.substr(3) : "";
  for (;;) {
    std::string const line = read_first_line("/sys/fs/cgroup" + path + "/cpu.max").value_or("");
    double quota = 0;  // "max", which is no number, leaves it 0.
    double period = 0;
    std::istringstream(line) >> quota >> period;
    note(quota, period);
    if (path.empty()) break;
    path.erase(path.rfind('/'));
  }
  std::string const version_1 = "/sys/fs/cgroup/cpu/cpu.cfs_";
  note(static_cast<double>(read_number(version_1 + "quota_us").value_or(0)),
       static_cast<double>(read_number(version_1 + "period_us").value_or(0)));
  return least;
}

finding examine_group() {
  auto const limit = group_limit();
  if (!limit) return {"limit of the control group", "none", verdict::good};
  unsigned const workers = std::max(1U, std::thread::hardware_concurrency());
  finding f{"limit of the control group", fmt::format("{:.1f} processors", *limit), verdict::good};
  if (*limit < workers) {
    auto const fitting = std::max(1.0, std::floor(*limit));
    f.judged = verdict::costs;
    f.cost = "under load all workers stand still until the next period, up to 100 ms";
    f.advice = fmt::format("--workers {:.0f}, or a higher limit", fitting);
  }
  return f;
}

// Those of the processor's features that the parser has code for.
finding examine_features() {
  std::ifstream in("/proc/cpuinfo");
  std::string found;
  for (std::string line; found.empty() && std::getline(in, line);) {
    if (!line.starts_with("flags") && !line.starts_with("Features")) continue;
    std::istringstream words(line);
    for (std::string word; words >> word;) {
      for (char const* known : {"sse4_2", "avx2", "avx512bw", "avx512vl", "asimd"}) {
        if (word == known) found += (found.empty() ? "" : " ") + word;
      }
    }
    break;
  }
  return {"features", found.empty() ? "none that the parser uses" : found};
}

}  // namespace

std::vector<finding> examine_processors() {
  utsname kernel{};
  ::uname(&kernel);
  return {{"kernel", fmt::format("{} {}", kernel.sysname, kernel.release)},
          examine_affinity(),
          examine_group(),
          examine_clock(),
          examine_features()};
}

}  // namespace quire::server
