// The limit: the least that a server on this kernel can do for a request.
//
// Counts the empty lines in what it receives and sends a fixed response for each, all of those of
// one receive in one send. It parses nothing, finds nothing, logs nothing. What it costs is what
// the kernel's TCP costs; no server that answers requests can cost less in this way.
//
// usage: null_server PORT [--content PATH]
//
// Without a path a response has 1 KiB of content. With that of a file it has what the file holds,
// with that of a directory what one of its files holds, any of them. Small content is sent from
// memory, a head and a body by one call; large content by sendfile(), a piece whenever the socket can
// be written to.
#include <arpa/inet.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <deque>
#include <exception>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <random>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace {

constexpr std::size_t responses_max = 64;  // In one send.
constexpr std::size_t large_min = 64 << 10;
// What a socket gets at a time: smaller pieces for large files, where they cost less.
constexpr std::size_t piece_size(std::size_t size) {
  return size < 8 << 20 ? 512 << 10 : 256 << 10;
}

[[noreturn]] void give_up(char const* what) {
  std::perror(what);
  std::exit(1);
}

std::string head_for(std::size_t size) {
  return "HTTP/1.1 200 OK\r\nServer: null\r\nDate: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
         "Content-Type: text/html\r\nLast-Modified: Thu, 01 Jan 2026 00:00:00 GMT\r\n"
         "ETag: \"0123456789abcdef\"\r\nContent-Length: " +
         std::to_string(size) + "\r\n\r\n";
}

// What is sent for one request, or for `count` of them. Refers to texts that others keep.
struct response {
  std::string_view text{};  // The head, and the body if `body` is empty and there is no file.
  std::string_view body{};  // Sent behind the text.
  int file = -1;            // The same, of large content.
  std::size_t size = 0;     // Of text, body and file.
  std::size_t count = 1;
};

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
  null_server(std::uint16_t port, std::optional<std::filesystem::path> const& content)
      : listener_(listen_on(port)), poll_(::epoll_create1(EPOLL_CLOEXEC)) {
    prepare(content);
    control(EPOLL_CTL_ADD, listener_, EPOLLIN);
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
  struct connection {
    std::size_t owed = 0;  // Responses that are not begun.
    response const* current = nullptr;
    std::size_t sent = 0;  // Of the current one.
  };

  void prepare(std::optional<std::filesystem::path> const& content) {
    if (!content) {
      add_repeated(std::string(1024, 'x'));
    } else if (std::filesystem::is_directory(*content)) {
      at_random_ = true;
      for (auto const& file : std::filesystem::directory_iterator(*content)) add(file);
      if (responses_.empty()) throw std::runtime_error("no file in " + content->string());
    } else if (std::filesystem::file_size(*content) < large_min) {
      add_repeated(read(*content));
    } else {
      add(*content);
    }
  }

  void add(std::filesystem::path const& path) {
    auto const size = static_cast<std::size_t>(std::filesystem::file_size(path));
    response r{.text = keep(head_for(size))};
    r.size = r.text.size() + size;
    if (size < large_min) {
      r.body = keep(read(path));
    } else if (r.file = ::open(path.c_str(), O_RDONLY | O_CLOEXEC); r.file < 0) {
      give_up(path.c_str());
    }
    responses_.push_back(r);
  }

  // The same for all: the more requests wait, the more of these leave in one send.
  void add_repeated(std::string const& content) {
    std::string const one = head_for(content.size()) + content;
    std::string all;
    for (std::size_t i = 0; i != responses_max; ++i) all += one;
    std::string_view const kept = keep(std::move(all));
    for (std::size_t count = 1; count <= responses_max; ++count) {
      std::size_t const size = count * one.size();
      responses_.push_back({.text = kept.substr(0, size), .size = size, .count = count});
    }
  }

  static std::string read(std::filesystem::path const& path) {
    std::ifstream in(path, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
  }
  std::string_view keep(std::string text) { return texts_.emplace_back(std::move(text)); }

  void control(int what, int socket, std::uint32_t events) {
    epoll_event event{};
    event.events = events;
    event.data.fd = socket;
    if (::epoll_ctl(poll_, what, socket, &event) != 0) give_up("epoll_ctl");
  }

  void accept_all() {
    int const on = 1;
    for (;;) {
      int const socket = ::accept4(listener_, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
      if (socket < 0) return;
      ::setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
      auto const index = static_cast<std::size_t>(socket);
      if (index >= connections_.size()) connections_.resize(index + 1);
      connections_[index] = {};
      control(EPOLL_CTL_ADD, socket, EPOLLIN | EPOLLOUT | EPOLLET);
    }
  }

  // Edge-triggered: one receive is enough, because a load generator waits for its answers.
  void serve(int socket) {
    connection& c = connections_[static_cast<std::size_t>(socket)];
    ssize_t const got = ::recv(socket, received_.data(), received_.size(), 0);
    if (got == 0 || (got < 0 && errno != EAGAIN)) {
      ::close(socket);
      return;
    }
    if (got > 0) c.owed += requests_in({received_.data(), static_cast<std::size_t>(got)});
    if (!send_owed(socket, c)) ::close(socket);
  }

  static std::size_t requests_in(std::string_view text) {
    std::size_t count = 0;
    for (auto at = text.find("\r\n\r\n"); at != text.npos; at = text.find("\r\n\r\n", at + 4))
      ++count;
    return count;
  }

  response const& next(std::size_t owed) {
    if (at_random_) return responses_[random_() % responses_.size()];
    return responses_[std::min(owed, responses_.size()) - 1];
  }

  // False when the connection has ended.
  bool send_owed(int socket, connection& c) {
    while (c.current != nullptr || c.owed != 0) {
      if (c.current == nullptr) {
        c.current = &next(c.owed);
        c.owed -= c.current->count;
        c.sent = 0;
      }
      response const& r = *c.current;
      bool const is_file = r.file >= 0 && c.sent >= r.text.size();
      ssize_t const sent = is_file ? send_file(socket, r, c.sent) : send_memory(socket, r, c.sent);
      if (sent < 0) return errno == EAGAIN;  // The next edge says that there is room.
      c.sent += static_cast<std::size_t>(sent);
      if (c.sent == r.size) {
        c.current = nullptr;
      } else if (is_file) {
        control(EPOLL_CTL_MOD, socket, EPOLLIN | EPOLLOUT | EPOLLET);
        return true;
      }
    }
    return true;
  }

  static ssize_t send_memory(int socket, response const& r, std::size_t sent) {
    int const flags = MSG_NOSIGNAL | (r.file >= 0 ? MSG_MORE : 0);
    if (r.body.empty() || sent >= r.text.size()) {
      std::string_view const rest =
          sent < r.text.size() ? r.text.substr(sent) : r.body.substr(sent - r.text.size());
      return ::send(socket, rest.data(), rest.size(), flags);
    }
    std::array<iovec, 2> parts{iovec{const_cast<char*>(r.text.data()) + sent, r.text.size() - sent},
                               iovec{const_cast<char*>(r.body.data()), r.body.size()}};
    msghdr message{};
    message.msg_iov = parts.data();
    message.msg_iovlen = parts.size();
    return ::sendmsg(socket, &message, flags);
  }

  static ssize_t send_file(int socket, response const& r, std::size_t sent) {
    auto offset = static_cast<off_t>(sent - r.text.size());
    return ::sendfile(socket, r.file, &offset, std::min(r.size - sent, piece_size(r.size)));
  }

  int listener_;
  int poll_;
  // Of the same content: those for one request, for two, and so on.
  std::vector<response> responses_;
  std::deque<std::string> texts_;
  bool at_random_ = false;
  std::minstd_rand random_;
  std::vector<connection> connections_;  // By descriptor.
  std::array<char, 65536> received_;
};

}  // namespace

int main(int argc, char** argv) {
  bool const has_content = argc == 4 && std::string_view(argv[2]) == "--content";
  int const port = argc > 1 ? std::atoi(argv[1]) : 0;
  if ((argc != 2 && !has_content) || port <= 0 || port > 0xffff) {
    std::fprintf(stderr, "usage: null_server PORT [--content PATH]\n");
    return 2;
  }
  std::signal(SIGPIPE, SIG_IGN);
  std::optional<std::filesystem::path> content;
  if (has_content) content = argv[3];
  try {
    null_server(static_cast<std::uint16_t>(port), content).run();
  } catch (std::exception const& e) {
    std::fprintf(stderr, "null_server: %s\n", e.what());
    return 1;
  }
}
