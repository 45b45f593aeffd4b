#include "tests/black_box/client.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstring>
#include <stdexcept>
#include <utility>

namespace quire::test {
namespace {

struct socket_address {
  sockaddr_storage storage{};
  socklen_t size = 0;
};

socket_address resolve(address const& where) {
  socket_address out;
  sockaddr_in v4{};
  sockaddr_in6 v6{};
  if (::inet_pton(AF_INET, where.host.c_str(), &v4.sin_addr) == 1) {
    v4.sin_family = AF_INET;
    v4.sin_port = htons(where.port);
    std::memcpy(&out.storage, &v4, out.size = sizeof v4);
  } else if (::inet_pton(AF_INET6, where.host.c_str(), &v6.sin6_addr) == 1) {
    v6.sin6_family = AF_INET6;
    v6.sin6_port = htons(where.port);
    std::memcpy(&out.storage, &v6, out.size = sizeof v6);
  } else {
    throw std::runtime_error("no address: " + where.host);
  }
  return out;
}

// A socket, and whether it is connected.
std::pair<int, bool> connect_to(address const& where, int receive_buffer) {
  socket_address const to = resolve(where);
  int const s = ::socket(to.storage.ss_family, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (s < 0) throw std::runtime_error("no socket");
  if (receive_buffer != 0) {
    ::setsockopt(s, SOL_SOCKET, SO_RCVBUF, &receive_buffer, sizeof receive_buffer);
  }
  int const on = 1;
  ::setsockopt(s, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
  sockaddr_storage const& storage = to.storage;
  bool const connected = ::connect(s, reinterpret_cast<sockaddr const*>(&storage), to.size) == 0;
  return {s, connected};
}

void wait_for(int socket, short events) {
  pollfd event{socket, events, 0};
  auto const wait_ms = std::chrono::milliseconds(patience).count();
  if (::poll(&event, 1, static_cast<int>(wait_ms)) <= 0) {
    throw std::runtime_error(events == POLLIN ? "the server sends nothing"
                                              : "the server reads nothing");
  }
}

}  // namespace

client::client(address const& where, int receive_buffer) {
  auto const [s, connected] = connect_to(where, receive_buffer);
  socket_ = s;
  if (!connected) throw std::runtime_error(std::string("cannot connect: ") + std::strerror(errno));
}

client::~client() {
  if (socket_ >= 0) ::close(socket_);
}

client::client(client&& other) noexcept
    : socket_(std::exchange(other.socket_, -1)),
      pending_(std::move(other.pending_)),
      ending_(other.ending_) {}

void client::send(std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t const n = ::send(socket_, bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
    if (n >= 0) {
      bytes.remove_prefix(static_cast<std::size_t>(n));
    } else if (errno == EAGAIN) {
      wait_for(socket_, POLLOUT);
    } else if (errno == EPIPE || errno == ECONNRESET) {
      return;
    } else if (errno != EINTR) {
      throw std::runtime_error(std::string("cannot send: ") + std::strerror(errno));
    }
  }
}

void client::send_in_pieces(std::string_view bytes, std::size_t piece) {
  for (; !bytes.empty(); bytes.remove_prefix(std::min(piece, bytes.size()))) {
    send(bytes.substr(0, piece));
  }
}

void client::shut_down() {
  ::shutdown(socket_, SHUT_WR);
}

void client::reset() {
  linger const hard{1, 0};
  ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &hard, sizeof hard);
  ::close(std::exchange(socket_, -1));
}

// Waits for more bytes. False at the end of the connection.
bool client::fill() {
  wait_for(socket_, POLLIN);
  std::array<char, 65536> chunk;
  ssize_t const n = ::recv(socket_, chunk.data(), chunk.size(), 0);
  if (n > 0) pending_.append(chunk.data(), static_cast<std::size_t>(n));
  if (n < 0) ending_ = ending::reset;
  return n > 0;
}

response client::read(bool answers_head) {
  response r = read_any(answers_head);
  while (r.status / 100 == 1) r = read_any(answers_head);
  return r;
}

response client::read_any(bool answers_head) {
  std::size_t end;
  while ((end = pending_.find("\r\n\r\n")) == std::string::npos) {
    if (!fill()) {
      throw std::runtime_error("the connection ended before the end of a head: \"" + pending_ +
                               "\"");
    }
  }
  response r = parse_head(std::string_view(pending_).substr(0, end + 4));
  pending_.erase(0, end + 4);
  if (auto const length = content_length(r, answers_head)) {
    r.content = read_bytes(*length);
    r.complete = r.content.size() == *length;
  } else {
    r.complete = read_to_end(&r.content) == ending::closed;
  }
  return r;
}

bool client::ended_or_answered(std::chrono::milliseconds wait) const {
  pollfd event{socket_, POLLIN, 0};
  return !pending_.empty() || ::poll(&event, 1, static_cast<int>(wait.count())) > 0;
}

std::string client::read_bytes(std::size_t n) {
  while (pending_.size() < n && fill()) {
  }
  std::string bytes = pending_.substr(0, n);
  pending_.erase(0, n);
  return bytes;
}

ending client::read_to_end(std::string* rest) {
  while (fill()) {
  }
  if (rest != nullptr) *rest += pending_;
  pending_.clear();
  return ending_;
}

std::vector<response> client::read_all() {
  std::vector<response> all;
  while (!pending_.empty() || fill()) all.push_back(read());
  return all;
}

std::string request(std::string_view method, std::string_view target, std::string_view fields) {
  std::string text(method);
  text.append(" ").append(target).append(" HTTP/1.1\r\nHost: example.com\r\n").append(fields);
  return text.append("\r\n");
}

response ask(server const& s, std::string_view request_bytes) {
  client c(s);
  c.send(request_bytes);
  return c.read(request_bytes.starts_with("HEAD "));
}

bool refuses_connections(address const& where) {
  auto const [s, connected] = connect_to(where, 0);
  ::close(s);
  return !connected;
}

}  // namespace quire::test
