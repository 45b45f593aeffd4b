#include <quire/io/posix/descriptor.hpp>
#include <quire/io/uring/page_ring.hpp>
#include <quire/io/uring/ring.hpp>
#include <quire/io/uring/self_test.hpp>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <cstddef>
#include <new>
#include <string_view>

namespace quire::io::uring {
namespace {

using posix::descriptor;

constexpr std::array<unsigned char, 9> operations = {
    IORING_OP_ACCEPT,   IORING_OP_RECV,  IORING_OP_SEND, IORING_OP_SENDMSG,     IORING_OP_CONNECT,
    IORING_OP_POLL_ADD, IORING_OP_READV, IORING_OP_READ, IORING_OP_ASYNC_CANCEL};

constexpr std::string_view greeting = "there and back";

// The next completion; when none comes its result is why, -ETIME when the kernel said nothing.
// Nothing here waits for anybody else, so a second is long.
io_uring_cqe next_completion(ring& r) noexcept {
  if (!r.has_completion()) r.enter(std::chrono::seconds(1));
  if (!r.has_completion()) {
    return {.user_data = 0, .res = r.failure() != 0 ? -r.failure() : -ETIME, .flags = 0};
  }
  io_uring_cqe const c = r.completion();
  r.drop_completion();
  return c;
}

// Listens on an address of this machine that the kernel chooses and that needs no network; a client
// connects.
int connect_here(descriptor& listener, descriptor& client) noexcept {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socklen_t size = sizeof address.sun_family;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  listener.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  client.reset(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
  if (!listener || !client || ::bind(listener.get(), generic, size) != 0) return errno;
  size = sizeof address;
  if (::listen(listener.get(), 1) != 0 || ::getsockname(listener.get(), generic, &size) != 0) {
    return errno;
  }
  return ::connect(client.get(), generic, size) == 0 ? 0 : errno;
}

failure accept_one(ring& r, int listener, descriptor& accepted) noexcept {
  io_uring_sqe& entry = r.next_entry();
  entry.opcode = IORING_OP_ACCEPT;
  entry.fd = listener;
  entry.ioprio = IORING_ACCEPT_MULTISHOT;
  entry.accept_flags = SOCK_CLOEXEC;
  io_uring_cqe const c = next_completion(r);
  accepted.reset(std::max(c.res, -1));
  if (c.res < 0) return {step::accept, -c.res};
  if ((c.flags & IORING_CQE_F_MORE) == 0) return {step::accept, EINVAL};  // Only this one.
  return {};
}

// Sends, and looks at what the request that is under way brings.
failure pass_greeting(ring& r, page_ring& pages, int from) noexcept {
  io_uring_sqe& send = r.next_entry();
  send.opcode = IORING_OP_SEND;
  send.fd = from;
  send.addr = reinterpret_cast<std::uint64_t>(greeting.data());
  send.len = static_cast<unsigned>(greeting.size());
  send.msg_flags = MSG_NOSIGNAL;
  for (int i = 0; i != 2; ++i) {
    io_uring_cqe const c = next_completion(r);
    step const where = c.user_data == 1 ? step::receive : step::send;
    if (c.res < 0) return {where, -c.res};
    if (c.res != static_cast<int>(greeting.size())) return {where, EIO};
    if (where == step::send) continue;
    if ((c.flags & IORING_CQE_F_MORE) == 0) return {where, EINVAL};  // Only this once.
    if ((c.flags & IORING_CQE_F_BUFFER) == 0) return {where, ENOBUFS};
    auto const id = static_cast<std::uint16_t>(c.flags >> IORING_CQE_BUFFER_SHIFT);
    if (std::string_view(pages.memory(id), greeting.size()) != greeting) return {where, EIO};
  }
  return {};
}

// Receives first, so that the kernel has to wait for the bytes, and goes on with the same request.
failure send_and_receive(ring& r, page_ring& pages, int from, int to) noexcept {
  io_uring_sqe& receive = r.next_entry();
  receive.opcode = IORING_OP_RECV;
  receive.fd = to;
  receive.ioprio = IORING_RECV_MULTISHOT | IORING_RECVSEND_POLL_FIRST;
  receive.flags = IOSQE_BUFFER_SELECT;
  receive.buf_group = page_ring::group;
  receive.user_data = 1;
  for (int i = 0; i != 2; ++i) {
    failure const f = pass_greeting(r, pages, from);
    if (f.where != step::none) return f;
  }
  return {};
}

}  // namespace

int try_set_up(unsigned flags) noexcept {
  io_uring_params p{};
  p.flags = flags;
  descriptor const ring(static_cast<int>(::syscall(SYS_io_uring_setup, 4, &p)));
  return ring ? 0 : errno;
}

int find_operation(int ring, unsigned operation) noexcept {
  constexpr unsigned operations_max = 256;
  alignas(io_uring_probe)
      std::array<std::byte, sizeof(io_uring_probe) + operations_max * sizeof(io_uring_probe_op)>
          memory{};
  auto* const answer = ::new (memory.data()) io_uring_probe;
  if (::syscall(SYS_io_uring_register, ring, IORING_REGISTER_PROBE, answer, operations_max) != 0) {
    return errno;
  }
  bool const there =
      operation <= answer->last_op && (answer->ops[operation].flags & IO_URING_OP_SUPPORTED) != 0;
  return there ? 0 : EOPNOTSUPP;
}

failure self_test() noexcept {
  page_pool pool(page_pool::slab_size);
  page_ring pages;
  ring r;
  if (int const number = r.open(8); number != 0) return {step::set_up, number};
  for (unsigned const o : operations) {
    if (int const number = find_operation(r.descriptor(), o); number != 0) {
      return {step::operations, number};
    }
  }
  if (int const number = pages.open(r.descriptor(), pool); number != 0) {
    return {step::page_ring, number};
  }
  descriptor listener;
  descriptor client;
  descriptor accepted;
  if (int const number = connect_here(listener, client); number != 0) return {step::accept, number};
  if (failure const f = accept_one(r, listener.get(), accepted); f.where != step::none) return f;
  return send_and_receive(r, pages, client.get(), accepted.get());
}

}  // namespace quire::io::uring
