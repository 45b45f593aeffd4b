#include "bench/io/back_end.hpp"
#include "bench/io/frame.hpp"

namespace quire::bench {
namespace {

void add(settings const& s, std::vector<group>& groups) {
  for (std::size_t const connections : {std::size_t{1}, std::size_t{64}, std::size_t{1000}}) {
    std::size_t const open = s.quick ? std::min<std::size_t>(connections, 64) : connections;
    std::size_t const trips = s.count(connections == 1 ? 20'000 : 80'000, 2 * open);
    group g{"echo",
            std::to_string(connections) + (connections == 1 ? " connection" : " connections"),
            {{"CPU of a round trip", "us"}, {"round trips", "/s"}, {"p50", "us"}, {"p99", "us"}},
            {}};
    for (back_end const& b : back_ends()) {
      g.subjects.push_back({std::string(b.name),
                            [=] { return b.echo(open, trips, io::receive_policy::on_demand); }});
    }
    groups.push_back(std::move(g));
  }
}

registered_bench const registration(
    1, {"echo", "round trips of 128 bytes",
        "Each client sends a message, waits for its echo, compares it, and sends the next. CPU is "
        "that of the server's thread; the times are those of the clients, which share another "
        "core.",
        &add});

}  // namespace
}  // namespace quire::bench
