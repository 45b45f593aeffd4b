// What only the back end on epoll can get wrong.
#include <quire/io/epoll/proactor.hpp>

#include <gtest/gtest.h>

#include <fcntl.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>
#include <new>
#include <string>

namespace quire::io::epoll {
namespace {

struct nobody {
  void completed() noexcept {}
};

// The kernel's interest in a descriptor lasts while any process holds it; events that come then must
// not reach a stream that is gone.
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

// The descriptor of the one memory file that this process has; -1: there is none.
int find_memory_file() {
  for (int fd = 0; fd != 256; ++fd) {
    std::array<char, 256> target{};
    std::string const link = "/proc/self/fd/" + std::to_string(fd);
    if (::readlink(link.c_str(), target.data(), target.size() - 1) < 0) continue;
    if (std::strstr(target.data(), "memfd:quire") != nullptr) return fd;
  }
  return -1;
}

// It is the kernel that keeps the promise: whoever gets the descriptor cannot write either.
TEST(epoll, a_memory_file_that_is_sealed_cannot_be_written) {
  page_pool pool(4u << 20);
  options o;
  o.pool = &pool;
  error e = error::other;
  proactor p(o, e);
  ASSERT_EQ(e, error::none);
  nobody owner;
  posix::memory_file m;
  ASSERT_EQ(p.make(m, 10000), error::none);
  int const fd = find_memory_file();
  ASSERT_GE(fd, 0);
  EXPECT_EQ(::pwrite(fd, "x", 1, 10000), -1);
  EXPECT_EQ(::ftruncate(fd, 0), -1);
  posix::fill_operation seal;
  seal.bind<&nobody::completed>(&owner);
  p.seal(m, seal);
  while (!seal.idle()) p.run_once(wait::yes);
  EXPECT_EQ(seal.result(), error::none);
  EXPECT_EQ(::pwrite(fd, "x", 1, 0), -1);
  EXPECT_EQ(::fcntl(fd, F_ADD_SEALS, F_SEAL_FUTURE_WRITE), -1);
  p.close(m);
  // A thread closes the descriptor.
  while (find_memory_file() >= 0) p.run_once(wait::no);
}

}  // namespace
}  // namespace quire::io::epoll
