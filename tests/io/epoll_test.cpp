// What only the back end on epoll can get wrong.
#include <quire/io/epoll/proactor.hpp>

#include <gtest/gtest.h>

#include <signal.h>
#include <sys/prctl.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <new>
#include <string>

namespace quire::io::epoll {
namespace {

struct nobody {
  void completed() noexcept {}
};

// The kernel's interest in a descriptor lasts while any process holds it; events that come then
// must not reach a stream that is gone.
TEST(epoll, a_child_process_that_holds_a_descriptor_brings_no_event_for_a_closed_stream) {
  page_pool pool(4u << 20);
  options o;
  o.pool = &pool;
  error e = error::other;
  proactor p(o, e);
  ASSERT_EQ(e, error::none);
  nobody owner;
  listener l;
  endpoint where;
  ASSERT_TRUE(parse_endpoint("127.0.0.1:0", where));
  ASSERT_EQ(p.listen(l, where, {}), error::none);
  stream client;
  accept_operation accept;
  connect_operation connect;
  accept.bind<&nobody::completed>(&owner);
  connect.bind<&nobody::completed>(&owner);
  p.accept(l, accept);
  p.connect(client, p.local_endpoint(l), connect);
  while (!accept.idle() || !connect.idle()) p.run_once(wait::yes);
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
  send.bind<&nobody::completed>(&owner);
  const_span const text{"late", 4};
  p.send(client, send, {&text, 1});
  while (!send.idle()) p.run_once(wait::yes);
  for (int i = 0; i != 5; ++i) p.run_once(wait::no);

  ::kill(child, SIGKILL);
  ::waitpid(child, nullptr, 0);
  p.close(client);
  p.close(l);
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
TEST(epoll, a_memory_file_that_is_sealed_cannot_be_written) {
  constexpr std::size_t size = (std::size_t{5} << 20) + 1;
  page_pool pool(4u << 20);
  options o;
  o.pool = &pool;
  error e = error::other;
  proactor p(o, e);
  ASSERT_EQ(e, error::none);
  nobody owner;
  posix::memory_file m;
  ASSERT_EQ(p.make(m, size), error::none);
  EXPECT_EQ(find_sealed_memory(size), 0u);
  posix::fill_operation seal;
  seal.bind<&nobody::completed>(&owner);
  p.seal(m, seal);
  while (!seal.idle()) p.run_once(wait::yes);
  EXPECT_EQ(seal.result(), error::none);
  std::uintptr_t const at = find_sealed_memory(size);
  ASSERT_NE(at, 0u);
  // The system's own copy obeys the protection where a write would end the program.
  char byte = 'x';
  iovec const from{&byte, 1};
  for (std::uintptr_t const place : {at, at + size - 1}) {
    iovec const to{reinterpret_cast<void*>(place), 1};
    EXPECT_EQ(::process_vm_writev(::getpid(), &from, 1, &to, 1, 0), -1);
    EXPECT_EQ(errno, EFAULT);
  }
  p.close(m);
  // A thread gives the memory back.
  while (find_sealed_memory(size) != 0) p.run_once(wait::no);
}

}  // namespace
}  // namespace quire::io::epoll
