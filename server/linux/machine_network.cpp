#include <quire/io/proactor.hpp>
#include <quire/server/linux/kernel_setting.hpp>
#include <quire/server/machine.hpp>

#include <fmt/format.h>

#include <sstream>

namespace quire::server {
namespace {

std::string const core = "/proc/sys/net/core/";
std::string const ipv4 = "/proc/sys/net/ipv4/";

// A queue of connections that should hold as many as the server asks for.
void examine_queue(std::vector<finding>& found, std::string const& setting, std::string const& path,
                   std::string const& cost) {
  auto const length = read_number(path);
  if (!length) return;
  finding f{setting, fmt::format("{}", *length), verdict::good};
  constexpr int wanted = io::listen_options{}.backlog;
  if (*length < wanted) {
    f.judged = verdict::costs;
    f.cost = cost;
    f.advice = fmt::format("sysctl -w {}={}", setting, wanted);
  }
  found.push_back(std::move(f));
}

void examine_switch(std::vector<finding>& found, std::string const& setting,
                    std::string const& path, std::int64_t wanted, std::string const& cost) {
  auto const value = read_number(path);
  if (!value) return;
  finding f{setting, fmt::format("{}", *value), verdict::good};
  if (*value != wanted) {
    f.judged = verdict::costs;
    f.cost = cost;
    f.advice = fmt::format("sysctl -w {}={}", setting, wanted);
  }
  found.push_back(std::move(f));
}

// The third number bounds what one connection may have on its way.
void examine_send_buffer(std::vector<finding>& found) {
  auto const line = read_first_line(ipv4 + "tcp_wmem");
  std::int64_t smallest = 0;
  std::int64_t standard = 0;
  std::int64_t largest = 0;
  if (!line || !(std::istringstream(*line) >> smallest >> standard >> largest)) return;
  finding f{"net.ipv4.tcp_wmem", fmt::format("{} {} {}", smallest, standard, largest),
            verdict::good};
  constexpr std::int64_t wanted = 4 << 20;
  if (largest < wanted) {
    f.judged = verdict::costs;
    f.cost = "a download over a long way is slower than the way allows";
    f.advice = fmt::format("sysctl -w net.ipv4.tcp_wmem='{} {} {}'", smallest, standard, wanted);
  }
  found.push_back(std::move(f));
}

}  // namespace

std::vector<finding> examine_network() {
  std::vector<finding> found;
  examine_queue(found, "net.core.somaxconn", core + "somaxconn",
                "a burst of connections beyond it is dropped and tried again a second later");
  // With SYN cookies a full queue of half-open connections turns nobody away.
  if (read_number(ipv4 + "tcp_syncookies").value_or(0) == 0) {
    examine_queue(found, "net.ipv4.tcp_max_syn_backlog", ipv4 + "tcp_max_syn_backlog",
                  "a burst of connections beyond it is dropped and tried again a second later");
  }
  examine_switch(found, "net.ipv4.tcp_syncookies", ipv4 + "tcp_syncookies", 1,
                 "a flood of half-open connections keeps others out");
  examine_switch(found, "net.ipv4.tcp_slow_start_after_idle", ipv4 + "tcp_slow_start_after_idle", 0,
                 "the first response after a pause of a kept connection is sent as slowly as on a "
                 "new one");
  examine_send_buffer(found);
  if (auto const name = read_first_line(ipv4 + "tcp_congestion_control")) {
    found.push_back({"net.ipv4.tcp_congestion_control", *name});
  }
  return found;
}

}  // namespace quire::server
