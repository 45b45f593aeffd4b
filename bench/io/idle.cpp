#include "bench/io/back_end.hpp"
#include "bench/io/frame.hpp"
#include "bench/io/machine.hpp"

#include <algorithm>

namespace quire::bench {
namespace {

void add(settings const& s, std::vector<group>& groups) {
  // The server has one descriptor for each, and some of its own.
  std::size_t const possible = raise_descriptor_limit() - 200;
  std::size_t const open = std::min<std::size_t>(s.quick ? 100 : 10'000, possible);
  group g{"idle",
          std::to_string(open) + " idle connections",
          {{"resident", "bytes"}, {"heap", "bytes"}, {"pages held", "bytes"}},
          {}};
  for (back_end const& b : back_ends()) {
    g.subjects.push_back({std::string(b.name) + ", page on demand",
                          [=] { return b.idle(open, io::receive_policy::on_demand); }});
    g.subjects.push_back({std::string(b.name) + ", page pinned",
                          [=] { return b.idle(open, io::receive_policy::pinned); }});
  }
  groups.push_back(std::move(g));
}

registered_bench const registration(
    2,
    {"idle", "memory of an idle connection",
     "Each connection has made one round trip and waits for the next. Resident is what the "
     "process grew by (anonymous memory) divided by the connections, after a first tenth of them "
     "that is not counted: it touches what a loop has once. In it is the owner's object: a "
     "reference, stream, a receive and a send operation, a buffer and a list of two spans, in "
     "blocks of a std::deque. The kernel's memory for the sockets is not in it. The clients are "
     "another process.",
     &add});

}  // namespace
}  // namespace quire::bench
