// What a connection costs that waits for its next request: memory of the real program. Linux.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <sys/resource.h>

#include <gtest/gtest.h>

#include <cstdio>
#include <fstream>
#include <stdexcept>
#include <string>
#include <vector>

namespace quire::test {
namespace {

constexpr std::size_t connection_bytes_max = 256;

// Anonymous memory of a process, in octets: the heap, stacks, and pages of pools.
std::size_t anonymous_memory(pid_t process) {
  std::ifstream in("/proc/" + std::to_string(process) + "/smaps_rollup");
  for (std::string word; in >> word;) {
    std::size_t kibibytes = 0;
    if (word == "Anonymous:" && in >> kibibytes) return kibibytes * 1024;
  }
  throw std::runtime_error("the kernel does not tell what memory a process has");
}

void raise_descriptor_limit() {
  rlimit limit{};
  ::getrlimit(RLIMIT_NOFILE, &limit);
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

// Each has had its answer, and waits.
std::vector<client> connections_that_wait(server const& s, std::size_t count) {
  std::vector<client> clients;
  for (std::size_t i = 0; i != count; ++i) {
    clients.emplace_back(s);
    clients.back().send(get("/"));
    EXPECT_EQ(clients.back().read().status, 200);
  }
  return clients;
}

TEST(idle_connection, costs_at_most_256_bytes_which_are_used_again) {
  raise_descriptor_limit();
  constexpr std::size_t count = 2000;
  site const pages;
  pages.write("index.html", "x");
  server s(pages.root(), {"--workers", "1", "--connections-max", std::to_string(count + 100)});
  // What the first requests make once: pages, objects, the cache.
  auto warm = connections_that_wait(s, 50);
  for (int i = 0; i != 500; ++i) {
    warm[0].send(get("/"));
    warm[0].read();
  }
  std::size_t const before = anonymous_memory(s.process().id());
  auto clients = connections_that_wait(s, count);
  std::size_t const with = anonymous_memory(s.process().id());
  auto const each = static_cast<double>(with - before) / count;
  RecordProperty("bytes_per_connection", std::to_string(each));
  std::printf("%s: %.1f bytes for each of %zu connections\n", s.announcement().c_str(), each,
              count);
  // All that the process grew by: heap, and what the I/O layer keeps for a stream. Pools grow by 32 KiB,
  // which is 16 bytes for each connection here.
  EXPECT_LE(each, connection_bytes_max);
  EXPECT_GE(each, 100) << "this does not measure what it should";

  for (client& c : clients) c.shut_down();
  for (client& c : clients) EXPECT_EQ(c.read_to_end(), ending::closed);
  auto const others = connections_that_wait(s, count);
  std::size_t const again = anonymous_memory(s.process().id());
  EXPECT_LE(again, with + with / 50) << "the memory of connections that ended is not used again";
}

}  // namespace
}  // namespace quire::test
