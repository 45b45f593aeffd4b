#include "bench/io/raw_messages.hpp"

#include <quire/io/posix/socket.hpp>
#include <quire/io/uring/page_ring.hpp>
#include <quire/io/uring/ring.hpp>

#include "bench/io/measure.hpp"
#include "bench/io/message_peer.hpp"

#include <sys/epoll.h>
#include <sys/socket.h>

#include <algorithm>

namespace quire::bench {
namespace {

using io::posix::descriptor;

descriptor connect_to(io::endpoint const& where) {
  descriptor s;
  require(io::posix::open_socket(where, io::posix::blocking::yes, s), "cannot make a socket");
  sockaddr_storage address;
  socklen_t const size = io::posix::to_address(where, address);
  require(::connect(s.get(), reinterpret_cast<sockaddr const*>(&address), size) == 0,
          "cannot connect");
  return s;
}

// A round of a sender: `send(socket)` sends all messages.
template <class Send>
sample send_by(std::size_t count, Send send) {
  pin_to_core(measured_core);
  message_sink sink(count);
  descriptor socket = connect_to(sink.where());
  stop_watch watch;
  send(socket.get());
  watch.stop();
  socket.reset();
  sink.wait();
  return {watch.thread_ns(count), watch.rate(count)};
}

void send_one(int socket, int flags) {
  require(::send(socket, message().data(), message_size, MSG_NOSIGNAL | flags) == message_size,
          "cannot send");
}

void send_blocking(int socket, std::size_t count) {
  for (std::size_t i = 0; i != count; ++i) send_one(socket, 0);
}

// Armed for one event before each message, as programs do that wait before they try.
void send_when_told(int socket, std::size_t count) {
  descriptor const poll(::epoll_create1(EPOLL_CLOEXEC));
  epoll_event event{};
  event.events = EPOLLOUT | EPOLLONESHOT;
  require(::epoll_ctl(poll.get(), EPOLL_CTL_ADD, socket, &event) == 0, "cannot watch");
  for (std::size_t i = 0; i != count; ++i) {
    require(::epoll_wait(poll.get(), &event, 1, -1) == 1, "cannot wait");
    send_one(socket, 0);
    event.events = EPOLLOUT | EPOLLONESHOT;
    require(::epoll_ctl(poll.get(), EPOLL_CTL_MOD, socket, &event) == 0, "cannot watch");
  }
}

// Several sends are handed over in one call, each begins when the one before has ended.
void send_by_ring(int socket, std::size_t count, std::size_t together) {
  io::uring::ring ring;
  require(ring.open(64) == 0, "cannot make a ring");
  for (std::size_t left = count; left != 0;) {
    std::size_t const now = std::min(left, together);
    for (std::size_t i = 0; i != now; ++i) {
      io_uring_sqe& entry = ring.next_entry();
      entry.opcode = IORING_OP_SEND;
      entry.fd = socket;
      entry.addr = reinterpret_cast<std::uint64_t>(message().data());
      entry.len = message_size;
      entry.msg_flags = MSG_NOSIGNAL | MSG_WAITALL;
      if (i + 1 != now) entry.flags = IOSQE_IO_LINK;
    }
    for (std::size_t came = 0; came != now;) {
      ring.enter(std::chrono::nanoseconds::max());
      for (; ring.has_completion(); ++came) {
        require(ring.completion().res == message_size, "cannot send");
        ring.drop_completion();
      }
    }
    left -= now;
  }
}

// A round of a receiver: `receive(socket, took)` calls took(data, size) for what comes until the
// end.
template <class Receive>
sample receive_by(std::size_t count, Receive receive) {
  pin_to_core(measured_core);
  descriptor listener;
  require(io::posix::open_listener(loopback(), {}, io::posix::blocking::yes, listener),
          "cannot listen");
  message_source source(io::posix::local_endpoint(listener.get()), count);
  descriptor const socket(::accept4(listener.get(), nullptr, nullptr, SOCK_CLOEXEC));
  std::size_t bytes = 0;
  std::size_t completions = 0;
  auto const took = [&](char const* data, std::size_t size) {
    require(is_of_messages(data, size, bytes), "a message is wrong");
    bytes += size;
    ++completions;
  };
  stop_watch watch;
  source.start();
  receive(socket.get(), took);
  watch.stop();
  require(bytes == count * message_size, "messages are missing");
  return {watch.thread_ns(count), watch.rate(count),
          static_cast<double>(count) / static_cast<double>(completions)};
}

template <class Took>
void receive_blocking(int socket, Took took) {
  std::array<char, page_pool::page_size> page;
  for (;;) {
    ssize_t const n = ::recv(socket, page.data(), page.size(), 0);
    require(n >= 0, "cannot receive");
    if (n == 0) return;
    took(page.data(), static_cast<std::size_t>(n));
  }
}

// One request, for which the kernel fills page after page: as many receives outstanding as it has
// pages.
template <class Took>
void receive_multishot(int socket, Took took) {
  page_pool pool(page_pool::slab_size);
  io::uring::ring ring;
  io::uring::page_ring pages;
  require(ring.open(64) == 0 && pages.open(ring.descriptor(), pool) == 0, "cannot make a ring");
  bool armed = false;
  for (;;) {
    if (!armed) {
      io_uring_sqe& entry = ring.next_entry();
      entry.opcode = IORING_OP_RECV;
      entry.fd = socket;
      entry.ioprio = IORING_RECV_MULTISHOT;
      entry.flags = IOSQE_BUFFER_SELECT;
      entry.buf_group = io::uring::page_ring::group;
      armed = true;
    }
    ring.enter(std::chrono::nanoseconds::max());
    for (; ring.has_completion(); ring.drop_completion()) {
      io_uring_cqe const& c = ring.completion();
      armed = armed && (c.flags & IORING_CQE_F_MORE) != 0;
      if (c.res == 0) return;
      if (c.res == -ENOBUFS) continue;
      require(c.res > 0, "cannot receive");
      auto const id = static_cast<std::uint16_t>(c.flags >> IORING_CQE_BUFFER_SHIFT);
      took(pages.memory(id), static_cast<std::size_t>(c.res));
      pages.put_back(id);
    }
  }
}

}  // namespace

std::vector<subject> raw_senders(std::size_t count) {
  std::vector<subject> all;
  all.push_back(
      {"blocking send()", [=] { return send_by(count, [=](int s) { send_blocking(s, count); }); }});
  all.push_back({"bare epoll, armed before each",
                 [=] { return send_by(count, [=](int s) { send_when_told(s, count); }); }});
  if (io::uring::ring().open(4) != 0) return all;  // Not allowed here.
  for (std::size_t const together : {std::size_t{1}, std::size_t{32}}) {
    all.push_back({"bare io_uring, " + std::to_string(together) + " in a call", [=] {
                     return send_by(count, [=](int s) { send_by_ring(s, count, together); });
                   }});
  }
  return all;
}

std::vector<subject> raw_receivers(std::size_t count) {
  std::vector<subject> all;
  all.push_back({"blocking recv()", [=] {
                   return receive_by(count, [](int s, auto took) { receive_blocking(s, took); });
                 }});
  if (io::uring::ring().open(4) != 0) return all;  // Not allowed here.
  all.push_back({"bare io_uring, multishot", [=] {
                   return receive_by(count, [](int s, auto took) { receive_multishot(s, took); });
                 }});
  return all;
}

}  // namespace quire::bench
