#include "bench/io/back_end.hpp"
#include "bench/io/frame.hpp"

namespace quire::bench {
namespace {

void add(settings const& s, std::vector<group>& groups) {
  std::size_t const count = s.count(10'000, 300);
  group g{
      "accepts", "short connections", {{"CPU of a connection", "us"}, {"connections", "/s"}}, {}};
  for (back_end const& b : back_ends()) {
    g.subjects.push_back({std::string(b.name), [=] { return b.accepts(count); }});
  }
  groups.push_back(std::move(g));
}

registered_bench const registration(
    3, {"accepts", "short connections",
        "64 clients connect, wait for the end, and connect again; the server ends each connection "
        "at once, by a reset. CPU is that of the server's thread.",
        &add});

}  // namespace
}  // namespace quire::bench
