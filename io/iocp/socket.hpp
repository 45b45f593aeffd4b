// Sockets: addresses, and the calls that set them up.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/error.hpp>
#include <quire/io/iocp/owned_socket.hpp>
#include <quire/io/windows/handle.hpp>

namespace quire::io::iocp {

// Winsock and those of its functions that have to be asked for, once in a process.
[[nodiscard]] error start_sockets() noexcept;

// For overlapped calls; programs started later do not inherit it.
[[nodiscard]] error open_socket(bool v6, owned_socket& out) noexcept;

// A socket that listens, and shares its port with none. One of version 6 takes connections of
// version 6 only.
[[nodiscard]] error open_listener(endpoint const& e, int backlog, owned_socket& out) noexcept;

// Where the socket is bound; all zero when it is not.
[[nodiscard]] endpoint local_endpoint(nt::socket_handle s) noexcept;

// Calls that are not overlapped do not wait.
[[nodiscard]] error set_non_blocking(nt::socket_handle s) noexcept;
[[nodiscard]] error set_no_delay(nt::socket_handle s) noexcept;
// ConnectEx wants a socket that is bound.
[[nodiscard]] error bind_to_any(nt::socket_handle s, bool v6) noexcept;
// What ConnectEx or AcceptEx has connected learns that it is.
[[nodiscard]] error update_connect_context(owned_socket& s) noexcept;
[[nodiscard]] error update_accept_context(owned_socket& s, nt::socket_handle listening) noexcept;
// The last close() of this socket resets the connection, and sends nothing that is still queued.
void reset_on_close(nt::socket_handle s) noexcept;
void close(nt::socket_handle s) noexcept;

}  // namespace quire::io::iocp
