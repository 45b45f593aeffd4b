// What only the back end on epoll can get wrong.
#include "tests/io/temporary_directory.hpp"
#include "tests/own_memory.hpp"

#include <quire/io/epoll/proactor.hpp>

#include <gtest/gtest.h>

#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <new>
#include <string>
#include <vector>

namespace quire::io::epoll {
namespace {

struct epoll : ::testing::Test {
  epoll() { EXPECT_EQ(opened, error::none); }
  void completed() noexcept {}
  void finish(operation const& op) {
    while (!op.idle()) p.run_once(wait::yes);
  }

  page_pool pool{4u << 20};
  error opened = error::other;
  proactor p{{.pool = &pool}, opened};
};

// The kernel's interest in a descriptor lasts while any process holds it; events that come then
// must not reach a stream that is gone.
TEST_F(epoll, a_child_process_that_holds_a_descriptor_brings_no_event_for_a_closed_stream) {
  listener l;
  endpoint where;
  ASSERT_TRUE(parse_endpoint("127.0.0.1:0", where));
  ASSERT_EQ(p.listen(l, where, {}), error::none);
  stream client;
  accept_operation accept;
  connect_operation connect;
  accept.bind<&epoll::completed>(this);
  connect.bind<&epoll::completed>(this);
  p.accept(l, accept);
  p.connect(client, p.local_endpoint(l), connect);
  finish(accept);
  finish(connect);
  alignas(stream) std::byte memory[sizeof(stream)];
  auto* const served = ::new (static_cast<void*>(memory)) stream;
  ASSERT_EQ(p.adopt(*served, accept), error::none);
  for (int i = 0; i != 5; ++i) p.run_once(wait::no);  // What registering brings.

  pid_t const child = ::fork();
  if (child == 0) {
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);  // Also when this test ends before its time.
    for (;;) ::pause();
  }
  p.close(*served);
  served->~stream();
  std::memset(memory, 0xff, sizeof memory);  // Whoever takes it for a stream ends the program.
  send_operation send;
  send.bind<&epoll::completed>(this);
  const_span const text{"late", 4};
  p.send(client, send, {&text, 1});
  finish(send);
  for (int i = 0; i != 5; ++i) p.run_once(wait::no);

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  p.close(client);
  p.close(l);
}

// Sockets of the system, which wait to be asked how much has come.
struct peers {
  peers() {
    sockaddr_in here{};
    here.sin_family = AF_INET;
    here.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    auto* const address = reinterpret_cast<sockaddr*>(&here);
    socklen_t size = sizeof here;
    listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    EXPECT_EQ(::bind(listener, address, size), 0);
    EXPECT_EQ(::listen(listener, 100), 0);
    EXPECT_EQ(::getsockname(listener, address, &size), 0);
    where.address = {127, 0, 0, 1};
    where.port = ntohs(here.sin_port);
  }
  ~peers() {
    for (int const s : sockets) ::close(s);
    ::close(listener);
  }
  void accept() { sockets.push_back(::accept(listener, nullptr, nullptr)); }
  std::size_t received() const {
    std::size_t all = 0;
    for (int const s : sockets) {
      int waiting = 0;
      EXPECT_EQ(::ioctl(s, FIONREAD, &waiting), 0);
      all += static_cast<std::size_t>(waiting);
    }
    return all;
  }
  int listener = -1;
  endpoint where;
  std::vector<int> sockets;
};

TEST_F(epoll, sends_to_many_streams_have_a_bounded_share_of_a_turn) {
  constexpr std::size_t count = 40;
  peers others;
  std::array<stream, count> streams;
  for (stream& s : streams) {
    connect_operation connect;
    connect.bind<&epoll::completed>(this);
    p.connect(s, others.where, connect);
    finish(connect);
    others.accept();
  }
  for (int i = 0; i != 5; ++i) p.run_once(wait::no);

  std::string const text(large_transfer_min, 'x');
  const_span const large{text.data(), text.size()};
  const_span const small{"y", 1};
  std::array<send_operation, count> sends;
  for (std::size_t i = 0; i != count; ++i) {
    sends[i].bind<&epoll::completed>(this);
    p.send(streams[i], sends[i], {i + 1 == count ? &small : &large, 1});
  }
  p.run_once(wait::no);
  EXPECT_TRUE(sends[count - 1].idle());  // The last one to be submitted, and the first to be sent.
  EXPECT_GE(others.received(), large_transfers_max);
  EXPECT_LT(others.received(), large_transfers_max + large_transfer_min);

  // Others wait for their turn; to hear that a stream can still be written to changes nothing.
  EXPECT_EQ(::send(others.sockets[count / 2], "z", 1, 0), 1);
  p.cancel(sends[count - 2]);
  // What is left is reason enough not to wait.
  for (send_operation const& s : sends) finish(s);
  EXPECT_EQ(sends[count - 2].result(), error::canceled);
  EXPECT_EQ(others.received(), (count - 2) * large_transfer_min + 1);
  for (stream& s : streams) p.close(s);
}

// Where a memory file of at least this size lies that is sealed, which nothing else of this program
// looks like; 0: there is none.
std::uintptr_t find_sealed_memory(std::size_t size) {
  std::ifstream maps("/proc/self/maps");
  for (std::string line; std::getline(maps, line);) {
    unsigned long first = 0;
    unsigned long last = 0;
    if (line.find(" r--p 00000000 00:00 0") == std::string::npos) continue;
    if (std::sscanf(line.c_str(), "%lx-%lx", &first, &last) == 2 && last - first >= size) {
      return first;
    }
  }
  return 0;
}

// It is the kernel that keeps the promise, for memory in large pages as well.
TEST_F(epoll, a_memory_file_that_is_sealed_cannot_be_written) {
  constexpr std::size_t size = (std::size_t{5} << 20) + 1;
  posix::memory_file m;
  ASSERT_EQ(p.make(m, size), error::none);
  EXPECT_EQ(find_sealed_memory(size), 0u);
  posix::fill_operation seal;
  seal.bind<&epoll::completed>(this);
  p.seal(m, seal);
  finish(seal);
  EXPECT_EQ(seal.result(), error::none);
  std::uintptr_t const at = find_sealed_memory(size);
  ASSERT_NE(at, 0u);
  for (std::uintptr_t const place : {at, at + size - 1}) {
    EXPECT_FALSE(test::can_be_written(reinterpret_cast<void*>(place)));
  }
  p.close(m);
  // A thread gives the memory back.
  while (find_sealed_memory(size) != 0) p.run_once(wait::no);
}

// How long the threads of this process that give way to all others have run, in nanoseconds.
std::uint64_t time_of_idle_threads() {
  std::uint64_t sum = 0;
  for (auto const& thread : std::filesystem::directory_iterator("/proc/self/task")) {
    if (::sched_getscheduler(std::stoi(thread.path().filename())) != SCHED_IDLE) continue;
    std::uint64_t time = 0;
    std::ifstream(thread.path() / "schedstat") >> time;
    sum += time;
  }
  return sum;
}

// Requests do not wait for copies where a processor is short.
TEST_F(epoll, files_are_copied_to_memory_by_a_thread_that_gives_way_to_all_others) {
  constexpr std::size_t size = std::size_t{8} << 20;
  test::temporary_directory files;
  files.make_file("f", std::string(size, 'x'));
  posix::directory root;
  error e = error::other;
  p.open(root, files.root(), e);
  ASSERT_EQ(e, error::none);
  posix::open_operation open;
  open.bind<&epoll::completed>(this);
  p.open(root, open, "f");
  finish(open);
  ASSERT_EQ(open.result(), error::none);
  posix::file f;
  p.adopt(f, open);
  posix::memory_file m;
  ASSERT_EQ(p.make(m, size), error::none);
  std::uint64_t const before = time_of_idle_threads();
  posix::fill_operation fill;
  fill.bind<&epoll::completed>(this);
  p.fill(m, fill, f, 0, size);
  finish(fill);
  EXPECT_EQ(fill.transferred(), size);
  // To write so much memory takes more than a tenth of a millisecond anywhere.
  EXPECT_GT(time_of_idle_threads() - before, 100'000u);
  // No thread has begun it.
  p.fill(m, fill, f, 0, size);
  p.cancel(fill);
  finish(fill);
  EXPECT_EQ(fill.result(), error::canceled);
  p.close(m);
  p.close(f);
  p.close(root);
}

}  // namespace
}  // namespace quire::io::epoll
