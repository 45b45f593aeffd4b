// The limit: the least that a server on this kernel can do for a request.
//
// Counts the empty lines in what it receives and sends a fixed response for each, all of those of
// one receive in one send. It parses nothing, finds nothing, logs nothing. What it costs is what
// the kernel's TCP costs; no server that answers requests can cost less in this way.
//
// usage: null_server PORT BYTES_OF_CONTENT
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

namespace {

constexpr std::size_t responses_max = 64;  // In one send.

[[noreturn]] void give_up(char const* what) {
  std::perror(what);
  std::exit(1);
}

std::string response_with(std::size_t size) {
  return "HTTP/1.1 200 OK\r\nServer: null\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
         "Content-Type: text/html\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
         "ETag: \"0123456789abcdef\"\r\nContent-Length: " +
         std::to_string(size) + "\r\n\r\n" + std::string(size, 'x');
}

int listen_on(std::uint16_t port) {
  int const listener = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  int const on = 1;
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  ::setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
  if (::bind(listener, reinterpret_cast<sockaddr*>(&address), sizeof address) != 0) give_up("bind");
  if (::listen(listener, 4096) != 0) give_up("listen");
  return listener;
}

class null_server {
 public:
  null_server(std::uint16_t port, std::size_t size)
      : listener_(listen_on(port)), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    std::string const one = response_with(size);
    one_size_ = one.size();
    for (std::size_t i = 0; i != responses_max; ++i) responses_ += one;
    watch(listener_, EPOLLIN);
  }

  void run() {
    std::array<epoll_event, 256> events;
    for (;;) {
      int const count = ::epoll_wait(poll_, events.data(), static_cast<int>(events.size()), -1);
      for (int i = 0; i < count; ++i) {
        int const socket = events[static_cast<std::size_t>(i)].data.fd;
        socket == listener_ ? accept_all() : serve(socket);
      }
    }
  }

 private:
  void watch(int socket, std::uint32_t what) {
    epoll_event event{};
    event.events = what;
    event.data.fd = socket;
    if (::epoll_ctl(poll_, EPOLL_CTL_ADD, socket, &event) != 0) give_up("epoll_ctl");
  }

  void accept_all() {
    int const on = 1;
    for (;;) {
      int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      watch(socket, EPOLLIN | EPOLLOUT | EPOLLET);
    }
  }

  // Edge-triggered: one receive is enough, because a load generator waits for its answers.
  void serve(int socket) {
    ssize_t const got = ::recv(socket, received_.data(), received_.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) return close(socket);
    if (got > 0)
      owed(socket) += requests_in({received_.data(), static_cast<std::size_t>(got)}) * one_size_;
    send_owed(socket);
  }

  static std::size_t requests_in(std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find("\r\n\r\n"); at != text.npos; at = text.find("\r\n\r\n", at + 4))
      ++count;
    return count;
  }

  // Octets that a connection still has to be sent; all are parts of the same repeated response.
  std::size_t& owed(int socket) {
    auto const index = static_cast<std::size_t>(socket);
    if (index >= owed_.size()) owed_.resize(index + 1);
    return owed_[index];
  }

  void send_owed(int socket) {
    std::size_t& left = owed(socket);
    while (left != 0) {
      std::size_t const whole = responses_max * one_size_;
      std::size_t const from = left % one_size_ == 0 ? 0 : one_size_ - left % one_size_;
      std::size_t const size = std::min(left, whole - from);
      ssize_t const sent = ::send(socket, responses_.data() + from, size, MSG_NOSIGNAL);
      if (sent < 0 && errno == EAGAIN) return;  // The next edge says that there is room.
      if (sent < 0) return close(socket);
      left -= static_cast<std::size_t>(sent);
    }
  }

  void close(int socket) {
    owed(socket) = 0;
    ::close(socket);
  }

  int listener_;
  int poll_;
  std::string responses_;
  std::size_t one_size_ = 0;
  std::vector<std::size_t> owed_;  // By descriptor.
  std::array<char, 65536> received_;
};

}  // namespace

int main(int argc, char** argv) {
  if (argc != 3) {
    std::fprintf(stderr, "usage: null_server PORT BYTES_OF_CONTENT\n");
    return 2;
  }
  null_server(static_cast<std::uint16_t>(std::atoi(argv[1])),
              static_cast<std::size_t>(std::atoll(argv[2])))
      .run();
}
