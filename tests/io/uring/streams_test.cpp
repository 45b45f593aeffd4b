// What is particular to streams of io_uring: what lies in the queue to the kernel names a
// descriptor by its number.
#include "tests/io/allocation_counter.hpp"
#include "tests/io/contract_fixture.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <array>

namespace quire::test {
namespace {

class uring_streams : public contract<uring_back_end> {};

// A stream is closed in the turn in which it began to wait for bytes, and another socket gets its
// descriptor before the kernel has heard of that.
TEST_F(uring_streams, what_was_submitted_for_a_descriptor_reaches_no_other) {
  connect();
  std::array<int, 2> other{-1, -1};
  receive_op received;
  posted_op now;
  buffer b;
  now.then = [&] {
    loop.receive(server, received.op, b);
    loop.cancel(received.op);
  };
  received.then = [&] {
    loop.close(server);
    ASSERT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, other.data()), 0);
    ASSERT_EQ(::send(other[0], "ab", 2, 0), 2);
    ASSERT_EQ(::send(other[1], "cd", 2, 0), 2);
  };
  loop.post(now.op);
  run_until_done(received);
  turn();
  std::array<char, 4> got{};
  EXPECT_EQ(::recv(other[1], got.data(), 2, MSG_DONTWAIT), 2);
  EXPECT_EQ(::recv(other[0], got.data() + 2, 2, MSG_DONTWAIT), 2);
  EXPECT_EQ(std::string_view(got.data(), 4), "abcd");
  for (int const socket : other) ::close(socket);
}

// The kernel tells it once, to the request that lasts.
TEST_F(uring_streams, a_reset_while_nobody_receives_is_told_to_the_next) {
  connect();
  send_all(client, "hello");
  EXPECT_EQ(receive_exactly(server, 5), "hello");
  loop.abort(client);
  turn();
  receive_op received;
  buffer b;
  loop.receive(server, received.op, b);
  run_until_done(received);
  EXPECT_EQ(received.result(), error::connection_reset);
  EXPECT_FALSE(b.has_pages());
}

TEST_F(uring_streams, that_come_and_go_leave_no_reception_behind) {
  auto const round = [this] {
    connect();
    receive_and_cancel(server);
    loop.close(server);
    loop.close(client);
    turn();
  };
  for (int i = 0; i != 10; ++i) round();
  std::size_t const before = allocations();
  for (int i = 0; i != 500; ++i) round();
  EXPECT_EQ(allocations(), before);
}

}  // namespace
}  // namespace quire::test
