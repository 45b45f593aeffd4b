#include <quire/io/iocp/socket.hpp>
#include <quire/io/iocp/winsock.hpp>
#include <quire/io/windows/error.hpp>

#include <cstring>

namespace quire::io::iocp {
namespace {

error last_error() noexcept {
  return nt::translate(static_cast<std::uint32_t>(::WSAGetLastError()));
}

template <class Value>
error set_option(SOCKET s, int level, int option, Value value) noexcept {
  int const r = ::setsockopt(s, level, option, reinterpret_cast<char const*>(&value), sizeof value);
  return r == 0 ? error::none : last_error();
}

template <class Function>
error find(SOCKET s, GUID id, Function& out) noexcept {
  DWORD size = 0;
  int const r = ::WSAIoctl(s, SIO_GET_EXTENSION_FUNCTION_POINTER, &id, sizeof id, &out, sizeof out,
                           &size, nullptr, nullptr);
  return r == 0 ? error::none : last_error();
}

struct winsock {
  winsock() noexcept { result = start(); }
  error start() noexcept {
    WSADATA data;
    if (int const r = ::WSAStartup(MAKEWORD(2, 2), &data); r != 0) {
      return nt::translate(static_cast<std::uint32_t>(r));
    }
    owned_socket s;
    error e = open_socket(false, s);
    if (e == error::none) e = find(s.get(), WSAID_ACCEPTEX, found.accept);
    if (e == error::none) {
      e = find(s.get(), WSAID_GETACCEPTEXSOCKADDRS, found.addresses_of_accepted);
    }
    if (e == error::none) e = find(s.get(), WSAID_CONNECTEX, found.connect);
    return e;
  }
  error result = error::none;
  socket_extensions found;
};

// Stays until the process ends: other parts of a program may use sockets as well.
winsock const& loaded() noexcept {
  static winsock const w;
  return w;
}

}  // namespace

error start_sockets() noexcept {
  return loaded().result;
}

socket_extensions const& extensions() noexcept {
  return loaded().found;
}

void owned_socket::reset(nt::socket_handle s) noexcept {
  if (socket_ != nt::no_socket) close(socket_);
  socket_ = s;
  has_context_ = true;
}

int to_address(endpoint const& e, sockaddr_storage& out) noexcept {
  out = {};
  if (e.v6) {
    sockaddr_in6 a{};
    a.sin6_family = AF_INET6;
    a.sin6_port = ::htons(e.port);
    a.sin6_scope_id = e.scope;
    std::memcpy(&a.sin6_addr, e.address.data(), 16);
    std::memcpy(&out, &a, sizeof a);
    return sizeof a;
  }
  sockaddr_in a{};
  a.sin_family = AF_INET;
  a.sin_port = ::htons(e.port);
  std::memcpy(&a.sin_addr, e.address.data(), 4);
  std::memcpy(&out, &a, sizeof a);
  return sizeof a;
}

endpoint to_endpoint(sockaddr const& address) noexcept {
  endpoint e;
  if (address.sa_family == AF_INET6) {
    sockaddr_in6 a;
    std::memcpy(&a, &address, sizeof a);
    e.v6 = true;
    e.port = ::ntohs(a.sin6_port);
    e.scope = a.sin6_scope_id;
    std::memcpy(e.address.data(), &a.sin6_addr, 16);
  } else if (address.sa_family == AF_INET) {
    sockaddr_in a;
    std::memcpy(&a, &address, sizeof a);
    e.port = ::ntohs(a.sin_port);
    std::memcpy(e.address.data(), &a.sin_addr, 4);
  }
  return e;
}

error open_socket(bool v6, owned_socket& out) noexcept {
  out.reset(::WSASocketW(v6 ? AF_INET6 : AF_INET, SOCK_STREAM, IPPROTO_TCP, nullptr, 0,
                         WSA_FLAG_OVERLAPPED | WSA_FLAG_NO_HANDLE_INHERIT));
  return out ? error::none : last_error();
}

error open_listener(endpoint const& e, int backlog, owned_socket& out) noexcept {
  owned_socket s;
  if (error const r = open_socket(e.v6, s); r != error::none) return r;
  // Without it, another program could take the port over while we listen.
  error r = set_option(s.get(), SOL_SOCKET, SO_EXCLUSIVEADDRUSE, BOOL{TRUE});
  if (r == error::none && e.v6) r = set_option(s.get(), IPPROTO_IPV6, IPV6_V6ONLY, DWORD{1});
  if (r != error::none) return r;
  sockaddr_storage address;
  int const size = to_address(e, address);
  if (::bind(s.get(), reinterpret_cast<sockaddr const*>(&address), size) != 0) return last_error();
  // A negated number means what it says; another would be cut to 200 (SOMAXCONN_HINT).
  if (::listen(s.get(), -backlog) != 0) return last_error();
  out.reset(s.release());
  return error::none;
}

endpoint local_endpoint(nt::socket_handle s) noexcept {
  sockaddr_storage address{};
  int size = sizeof address;
  if (::getsockname(s, reinterpret_cast<sockaddr*>(&address), &size) != 0) return {};
  return to_endpoint(reinterpret_cast<sockaddr const&>(address));
}

error set_non_blocking(nt::socket_handle s) noexcept {
  u_long yes = 1;
  return ::ioctlsocket(s, static_cast<long>(FIONBIO), &yes) == 0 ? error::none : last_error();
}

error set_no_delay(nt::socket_handle s) noexcept {
  return set_option(s, IPPROTO_TCP, TCP_NODELAY, BOOL{TRUE});
}

error bind_to_any(nt::socket_handle s, bool v6) noexcept {
  sockaddr_storage address;
  int const size = to_address({.v6 = v6}, address);
  int const r = ::bind(s, reinterpret_cast<sockaddr const*>(&address), size);
  return r == 0 ? error::none : last_error();
}

error update_connect_context(owned_socket& s) noexcept {
  int const r = ::setsockopt(s.get(), SOL_SOCKET, SO_UPDATE_CONNECT_CONTEXT, nullptr, 0);
  if (r != 0) return last_error();
  s.gain_context();
  return error::none;
}

error update_accept_context(owned_socket& s, nt::socket_handle listening) noexcept {
  error const e = set_option(s.get(), SOL_SOCKET, SO_UPDATE_ACCEPT_CONTEXT, listening);
  if (e == error::none) s.gain_context();
  return e;
}

void reset_on_close(nt::socket_handle s) noexcept {
  // It fails only when the connection has been reset already.
  static_cast<void>(set_option(s, SOL_SOCKET, SO_LINGER, linger{1, 0}));
}

void close(nt::socket_handle s) noexcept {
  ::closesocket(s);
}

}  // namespace quire::io::iocp
