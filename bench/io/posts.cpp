#include "bench/io/back_end.hpp"
#include "bench/io/frame.hpp"
#include "bench/io/raw_posts.hpp"

namespace quire::bench {
namespace {

void add(settings const& s, std::vector<group>& groups) {
  std::size_t const count = s.count(400'000, 3000);
  std::vector<metric> const metrics = {
      {"CPU of an item", "ns"}, {"of the loop alone", "ns"}, {"items", "/s"}, {"items a turn", ""}};
  for (unsigned const threads : {1U, 2U}) {
    std::string const from = threads == 1 ? "from one thread" : "from two threads";
    group loops{"posts", "post(), " + from, metrics, {}};
    for (back_end const& b : back_ends()) {
      loops.subjects.push_back({std::string(b.name), [=] { return b.posts(count, threads); }});
    }
    groups.push_back(std::move(loops));
    group queues{"posts", "queues, " + from, metrics, raw_queues(count, threads)};
    if (!queues.subjects.empty()) groups.push_back(std::move(queues));
  }
}

registered_bench const registration(
    5, {"posts", "work handed to a loop by other threads",
        "Items that other threads post to a loop, at most 256 of each thread on their way; a "
        "thread that has none left yields. CPU is that of all threads, the yielding included.",
        &add});

}  // namespace
}  // namespace quire::bench
