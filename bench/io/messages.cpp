#include "bench/io/back_end.hpp"
#include "bench/io/frame.hpp"
#include "bench/io/raw_messages.hpp"

namespace quire::bench {
namespace {

group sending(std::size_t count) {
  group g{"messages", "sent", {{"CPU of a message", "ns"}, {"messages", "/s"}}, {}};
  g.subjects = raw_senders(count);
  for (back_end const& b : back_ends()) {
    g.subjects.push_back({std::string(b.name) + ", the next in the completion",
                          [=] { return b.send_messages(count, after_send::ready_list); }});
  }
  for (back_end const& b : back_ends()) {
    g.subjects.push_back({std::string(b.name) + ", each by the kernel's queue",
                          [=] { return b.send_messages(count, after_send::queue); }});
  }
  return g;
}

group receiving(std::size_t count) {
  group g{"messages",
          "received",
          {{"CPU of a message", "ns"}, {"messages", "/s"}, {"messages a completion", ""}},
          {}};
  g.subjects = raw_receivers(count);
  for (back_end const& b : back_ends()) {
    g.subjects.push_back({std::string(b.name) + ", page on demand", [=] {
                            return b.receive_messages(count, io::receive_policy::on_demand);
                          }});
    g.subjects.push_back({std::string(b.name) + ", page pinned",
                          [=] { return b.receive_messages(count, io::receive_policy::pinned); }});
  }
  return g;
}

void add(settings const& s, std::vector<group>& groups) {
  std::size_t const count = s.count(200'000, 3000);
  groups.push_back(sending(count));
  groups.push_back(receiving(count));
}

registered_bench const registration(
    0, {"messages", "messages of 128 bytes through one connection",
        "One connection over the loopback, as many messages as go. CPU is that of the thread that "
        "sends, or receives; what is at the other end runs on another core, the same for all.",
        &add});

}  // namespace
}  // namespace quire::bench
