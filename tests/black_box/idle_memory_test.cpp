// What a connection costs that waits for its next request, or for its client to take what is sent:
// memory of the real program. Linux.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <sys/resource.h>
#include <unistd.h>

#include <gtest/gtest.h>

#include <cstdio>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <system_error>
#include <vector>

namespace quire::test {
namespace {

constexpr std::size_t connection_bytes_max = 256;
constexpr std::size_t slow_reader_bytes_max = 4096;

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

// `before` and `with`: the memory of the process without, and with, so many of these connections.
void expect_cost(server const& s, std::size_t before, std::size_t with, std::size_t count,
                 std::size_t each_max) {
  auto const each = static_cast<double>(with - before) / static_cast<double>(count);
  testing::Test::RecordProperty("bytes_per_connection", std::to_string(each));
  std::printf("%s: %.1f bytes for each of %zu connections\n", s.announcement().c_str(), each,
              count);
  EXPECT_LE(each, static_cast<double>(each_max));
  EXPECT_GE(each, 100) << "this does not measure what it should";
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
  // All that the process grew by: heap, and what the I/O layer keeps for a stream. Pools grow by 32
  // KiB, which is 16 bytes for each connection here.
  expect_cost(s, before, with, count, connection_bytes_max);

  for (client& c : clients) c.shut_down();
  for (client& c : clients) EXPECT_EQ(c.read_to_end(), ending::closed);
  auto const others = connections_that_wait(s, count);
  std::size_t const again = anonymous_memory(s.process().id());
  EXPECT_LE(again, with + with / 50) << "the memory of connections that ended is not used again";
}

// Of at least this size, and complete: nobody may write to it any more.
bool has_sealed_memory_file(pid_t process, std::size_t size) {
  std::ifstream maps("/proc/" + std::to_string(process) + "/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long last = 0;
    if (line.find(" r--p 00000000 00:00 0") == std::string::npos) continue;
    if (std::sscanf(line.c_str(), "%lx-%lx", &first, &last) == 2 && last - first >= size)
      return true;
  }
  return false;
}

// Without a copy in memory a response is read through pages of its own while it is sent.
void ask_until_there_is_a_copy(server& s, std::string_view target, std::size_t size) {
  for (int i = 0; i != 1000; ++i) {
    EXPECT_EQ(fetch(s, target).status, 200);
    if (has_sealed_memory_file(s.process().id(), size)) return;
  }
  throw std::runtime_error("the server makes no copy in memory");
}

// Whether each response is logged, for which texts of its request are kept.
class slow_reader : public testing::TestWithParam<bool> {};

TEST_P(slow_reader, of_a_large_file_costs_at_most_4_kibibytes) {
  raise_descriptor_limit();
  constexpr std::size_t count = 400;
  constexpr int receive_buffer = 65536;
  site const pages;
  std::string const content(16'000'000, 'x');  // More than the system takes in for a connection.
  pages.write("large.bin", content);
  pages.write("index.html", "next");
  auto const log = pages.beside("access.log");
  server s(pages.root(),
           {"--workers", "1", "--access-log", GetParam() ? log.string() : std::string("off")});
  ask_until_there_is_a_copy(s, "/large.bin", content.size());
  client first(s, receive_buffer);
  first.send(get("/large.bin"));
  std::string const head = first.read_bytes(1000);
  std::size_t const before = anonymous_memory(s.process().id());
  std::vector<client> clients;
  for (std::size_t i = 0; i != count; ++i) {
    clients.emplace_back(s, receive_buffer);
    clients.back().send(get("/large.bin"));
    EXPECT_TRUE(clients.back().read_bytes(1000).starts_with("HTTP/1.1 200"));
  }
  // An answer to another connection comes after what those above have set off.
  for (int i = 0; i != 3; ++i) EXPECT_EQ(fetch(s, "/").status, 200);
  expect_cost(s, before, anonymous_memory(s.process().id()), count, slow_reader_bytes_max);

  // Nothing is missing, and the connection goes on.
  std::size_t const left = head.find("\r\n\r\n") + 4 + content.size() - head.size();
  EXPECT_TRUE(first.read_bytes(left) == content.substr(0, left));
  first.send(get("/"));
  EXPECT_EQ(first.read().content, "next");
  if (!GetParam()) return;

  // What was sent whole is logged, and what was cut off, each once.
  clients.clear();
  s.signal(stop_signal());
  EXPECT_EQ(s.wait(), 0);
  std::ifstream in(log);
  std::size_t whole = 0;
  std::size_t cut_off = 0;
  for (std::string line; std::getline(in, line);) {
    std::string const request = "\"GET /large.bin HTTP/1.1\" 200 ";
    auto const at = line.find(request);
    if (at == std::string::npos) continue;
    std::size_t const sent = std::stoull(line.substr(at + request.size()));
    EXPECT_LE(sent, content.size());
    ++(sent == content.size() ? whole : cut_off);
  }
  EXPECT_GE(whole, 2u) << "the first one, and who asked until there was a copy";
  EXPECT_EQ(cut_off, count);
}
INSTANTIATE_TEST_SUITE_P(every, slow_reader, testing::Bool(), [](auto const& parameter) {
  return parameter.param ? "logged" : "not_logged";
});

}  // namespace
}  // namespace quire::test
