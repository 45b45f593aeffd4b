// For the sources of this folder: Winsock's header, its extensions, and our types as it wants them.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/iocp/port.hpp>

#include <winsock2.h>

#include <mswsock.h>
#include <ws2tcpip.h>

namespace quire::io::iocp {

// Found by start_sockets().
struct socket_extensions {
  LPFN_ACCEPTEX accept = nullptr;
  LPFN_GETACCEPTEXSOCKADDRS addresses_of_accepted = nullptr;
  LPFN_CONNECTEX connect = nullptr;
};
socket_extensions const& extensions() noexcept;

// The size of what was written to `out`.
int to_address(endpoint const& e, sockaddr_storage& out) noexcept;
endpoint to_endpoint(sockaddr const& address) noexcept;

inline OVERLAPPED* native(overlapped& o) noexcept {
  return reinterpret_cast<OVERLAPPED*>(&o);
}
inline HANDLE handle_of(nt::socket_handle s) noexcept {
  return reinterpret_cast<HANDLE>(s);
}

}  // namespace quire::io::iocp
