#include <quire/io/posix/error.hpp>
#include <quire/io/posix/socket.hpp>

#include <netinet/in.h>
#include <netinet/tcp.h>

#include <cerrno>
#include <cstring>

namespace quire::io::posix {
namespace {

error set_option(int socket, int level, int option, int value) noexcept {
  if (::setsockopt(socket, level, option, &value, sizeof value) == 0) return error::none;
  return translate(errno);
}

error set_options(int socket, endpoint const& e, listen_options const& how) noexcept {
  error result = set_option(socket, SOL_SOCKET, SO_REUSEADDR, 1);
  if (result == error::none && how.reuse_port) {
    result = set_option(socket, SOL_SOCKET, SO_REUSEPORT, 1);
  }
  if (result == error::none && how.no_delay) {
    // Accepted connections inherit it.
    result = set_option(socket, IPPROTO_TCP, TCP_NODELAY, 1);
  }
  if (result == error::none && e.v6) result = set_option(socket, IPPROTO_IPV6, IPV6_V6ONLY, 1);
  return result;
}

}  // namespace

socklen_t to_address(endpoint const& e, sockaddr_storage& out) noexcept {
  out = {};
  if (e.v6) {
    sockaddr_in6 a{};
    a.sin6_family = AF_INET6;
    a.sin6_port = htons(e.port);
    a.sin6_scope_id = e.scope;
    std::memcpy(&a.sin6_addr, e.address.data(), 16);
    std::memcpy(&out, &a, sizeof a);
    return sizeof a;
  }
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = htons(e.port);
  std::memcpy(&a.sin_addr, e.address.data(), 4);
  std::memcpy(&out, &a, sizeof a);
  return sizeof a;
}

endpoint to_endpoint(sockaddr_storage const& address) noexcept {
  endpoint e;
  if (address.ss_family == AF_INET6) {
    sockaddr_in6 a;
    std::memcpy(&a, &address, sizeof a);
    e.v6 = true;
    e.port = ntohs(a.sin6_port);
    e.scope = a.sin6_scope_id;
    std::memcpy(e.address.data(), &a.sin6_addr, 16);
  } else if (address.ss_family == AF_INET) {
    sockaddr_in a;
    std::memcpy(&a, &address, sizeof a);
    e.port = ntohs(a.sin_port);
    std::memcpy(e.address.data(), &a.sin_addr, 4);
  }
  return e;
}

error open_socket(endpoint const& e, blocking b, descriptor& out) noexcept {
  int const family = e.v6 ? AF_INET6 : AF_INET;
  int const type = SOCK_STREAM | SOCK_CLOEXEC | (b == blocking::no ? SOCK_NONBLOCK : 0);
  out.reset(::socket(family, type, IPPROTO_TCP));
  return out ? error::none : translate(errno);
}

error start_connect(endpoint const& e, descriptor& out, bool& connected) noexcept {
  if (error const result = open_socket(e, blocking::no, out); result != error::none) return result;
  sockaddr_storage address;
  socklen_t const size = to_address(e, address);
  connected = ::connect(out.get(), reinterpret_cast<sockaddr const*>(&address), size) == 0;
  return connected || errno == EINPROGRESS || errno == EINTR ? error::none : translate(errno);
}

namespace {

error bind_socket(endpoint const& e, listen_options const& how, blocking b,
                  descriptor& out) noexcept {
  if (error const result = open_socket(e, b, out); result != error::none) return result;
  if (error const result = set_options(out.get(), e, how); result != error::none) return result;
  sockaddr_storage address;
  socklen_t const size = to_address(e, address);
  return ::bind(out.get(), reinterpret_cast<sockaddr const*>(&address), size) == 0
             ? error::none
             : translate(errno);
}

}  // namespace

error open_listener(endpoint const& e, listen_options const& how, blocking b,
                    descriptor& out) noexcept {
  descriptor socket;
  if (how.reuse_port && how.sole) {
    // A socket that shares with nobody cannot be bound where others listen; it goes away at once.
    listen_options alone = how;
    alone.reuse_port = false;
    if (error const result = bind_socket(e, alone, b, socket); result != error::none) return result;
  }
  if (error const result = bind_socket(e, how, b, socket); result != error::none) return result;
  if (::listen(socket.get(), how.backlog) != 0) return translate(errno);
  out = std::move(socket);
  return error::none;
}

bool is_of_the_connection(int number) noexcept {
  switch (number) {
    case EINTR:
    case ECONNABORTED:
    case EPROTO:
    case ENOPROTOOPT:
    case EOPNOTSUPP:
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
      return true;
    default:
      return false;
  }
}

endpoint local_endpoint(int socket) noexcept {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getsockname(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return to_endpoint(address);
}

endpoint peer_endpoint(int socket) noexcept {
  sockaddr_storage address{};
  socklen_t size = sizeof address;
  if (::getpeername(socket, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return to_endpoint(address);
}

error take_error(int socket) noexcept {
  int number = 0;
  socklen_t size = sizeof number;
  if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &number, &size) != 0) return translate(errno);
  return translate(number);
}

void reset_on_close(int socket) noexcept {
  linger const at_once{1, 0};
  ::setsockopt(socket, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
}

}  // namespace quire::io::posix
