// Bare calls of Winsock, one at a time: the limit. The queues are compared where a loop sleeps by
// an event of the kernel, on POSIX systems.
#include <quire/io/iocp/socket.hpp>
#include <quire/io/iocp/winsock.hpp>

#include "bench/io/measure.hpp"
#include "bench/io/message_peer.hpp"
#include "bench/io/raw_messages.hpp"
#include "bench/io/raw_posts.hpp"

#include <array>

namespace quire::bench {
namespace {

// For calls that wait. Sockets have been started: every back end does.
class blocking_socket {
 public:
  explicit blocking_socket(SOCKET s) : socket_(s) {
    require(s != INVALID_SOCKET, "cannot make a socket");
  }
  ~blocking_socket() { ::closesocket(socket_); }
  blocking_socket(blocking_socket const&) = delete;
  blocking_socket& operator=(blocking_socket const&) = delete;
  SOCKET get() const { return socket_; }

 private:
  SOCKET socket_;
};

sockaddr_in loopback_at(std::uint16_t port) {
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  a.sin_port = htons(port);
  return a;
}

sample send_blocking(std::size_t count) {
  pin_to_core(measured_core);
  message_sink sink(count);
  stop_watch watch;
  {
    blocking_socket const s(::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
    sockaddr_in const to = loopback_at(sink.where().port);
    require(::connect(s.get(), reinterpret_cast<sockaddr const*>(&to), sizeof to) == 0,
            "cannot connect");
    watch.start();
    for (std::size_t i = 0; i != count; ++i) {
      require(::send(s.get(), message().data(), message_size, 0) == message_size, "cannot send");
    }
    watch.stop();
  }
  sink.wait();
  return {watch.thread_ns(count), watch.rate(count)};
}

sample receive_blocking(std::size_t count) {
  pin_to_core(measured_core);
  blocking_socket const listening(::socket(AF_INET, SOCK_STREAM, IPPROTO_TCP));
  sockaddr_in at = loopback_at(0);
  int size = sizeof at;
  require(::bind(listening.get(), reinterpret_cast<sockaddr const*>(&at), size) == 0 &&
              ::listen(listening.get(), 1) == 0 &&
              ::getsockname(listening.get(), reinterpret_cast<sockaddr*>(&at), &size) == 0,
          "cannot listen");
  io::endpoint where = loopback();
  where.port = ntohs(at.sin_port);
  message_source source(where, count);
  blocking_socket const s(::accept(listening.get(), nullptr, nullptr));
  std::array<char, page_pool::page_size> page;
  std::size_t bytes = 0;
  std::size_t completions = 0;
  stop_watch watch;
  source.start();
  for (;; ++completions) {
    int const n = ::recv(s.get(), page.data(), static_cast<int>(page.size()), 0);
    require(n >= 0, "cannot receive");
    if (n == 0) break;
    require(is_of_messages(page.data(), static_cast<std::size_t>(n), bytes), "a message is wrong");
    bytes += static_cast<std::size_t>(n);
  }
  watch.stop();
  require(bytes == count * message_size, "messages are missing");
  return {watch.thread_ns(count), watch.rate(count),
          static_cast<double>(count) / static_cast<double>(completions)};
}

}  // namespace

std::vector<subject> raw_senders(std::size_t count) {
  return {{"blocking send()", [=] { return send_blocking(count); }}};
}

std::vector<subject> raw_receivers(std::size_t count) {
  return {{"blocking recv()", [=] { return receive_blocking(count); }}};
}

std::vector<subject> raw_queues(std::size_t, unsigned) {
  return {};
}

}  // namespace quire::bench
