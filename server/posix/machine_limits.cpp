// Limits of the process.
#include <quire/server/descriptor_need.hpp>
#include <quire/server/machine.hpp>
#include <quire/server/settings.hpp>

#include <fmt/format.h>
#include <sys/resource.h>

#include <algorithm>
#include <thread>

namespace quire::server {
namespace {

// With one worker and one listener.
constexpr rlim_t descriptors_min =
    fixed_descriptors(1, 1) + connection_descriptors * connections_min;

// With a worker for each core, and as many connections as are allowed by default.
rlim_t descriptors_wanted() {
  std::uint64_t connections = 0;
  for (number_setting const& n : number_settings) {
    if (n.value == &settings::connections_max) connections = n.standard;
  }
  return fixed_descriptors(std::max(1U, std::thread::hardware_concurrency()), 1) +
         connection_descriptors * connections;
}

std::string number(rlim_t n) {
  return n == RLIM_INFINITY ? "unlimited" : fmt::format("{}", n);
}

finding examine_descriptors() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  finding f{"open files",
            fmt::format("{}, may be raised to {}", number(limit.rlim_cur), number(limit.rlim_max)),
            verdict::good};
  if (limit.rlim_max < descriptors_min) {
    f.judged = verdict::fatal;
    f.cost = fmt::format("one worker needs {}", descriptors_min);
  } else if (limit.rlim_max < descriptors_wanted()) {
    f.judged = verdict::costs;
    f.cost = "fewer connections than --connections-max allows; beyond, they wait or get a 503";
  }
  if (!f.cost.empty()) {
    f.advice = fmt::format("ulimit -n {0}, or LimitNOFILE={0} in the service's unit",
                           descriptors_wanted());
  }
  return f;
}

}  // namespace

std::vector<finding> examine_limits() {
  rlimit locked{};
  ::getrlimit(RLIMIT_MEMLOCK, &locked);
  std::string const limit = locked.rlim_cur == RLIM_INFINITY
                                ? std::string("unlimited")
                                : fmt::format("{} KiB", locked.rlim_cur / 1024);
  finding memory{"locked memory",
                 limit + "; with --io uring and --file-io direct, quire locks half of it at most"};
  return {examine_descriptors(), std::move(memory)};
}

}  // namespace quire::server
