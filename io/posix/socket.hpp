// Sockets: addresses, listening, and the calls that back ends share.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/error.hpp>
#include <quire/io/posix/descriptor.hpp>
#include <quire/io/proactor.hpp>

#include <sys/socket.h>

namespace quire::io::posix {

// The size of what was written to `out`.
socklen_t to_address(endpoint const& e, sockaddr_storage& out) noexcept;
endpoint to_endpoint(sockaddr_storage const& address) noexcept;

// Whether calls on a socket wait. io_uring wants them to: it waits itself.
enum class blocking : bool { no, yes };

// A stream socket that programs started later do not inherit.
[[nodiscard]] error open_socket(endpoint const& e, blocking b, descriptor& out) noexcept;

// A socket that does not block, and is on its way to `e`. `connected`: it is there already; else it
// is writable when it is there, or has failed (take_error()).
[[nodiscard]] error start_connect(endpoint const& e, descriptor& out, bool& connected) noexcept;

// A socket that listens. A listener of version 6 takes connections of version 6 only.
[[nodiscard]] error open_listener(endpoint const& e, listen_options const& how, blocking b,
                                  descriptor& out) noexcept;

// accept() has failed with this errno: because of the connection at the head of the queue, which
// went away, or had an error of the network pending. The next one may be good.
[[nodiscard]] bool is_of_the_connection(int number) noexcept;

// Where the socket is bound; all zero when it is not.
endpoint local_endpoint(int socket) noexcept;
// Who is at the other end; all zero when there is nobody any more.
endpoint peer_endpoint(int socket) noexcept;

// What has happened to a socket since the last call (SO_ERROR).
[[nodiscard]] error take_error(int socket) noexcept;

// The last close() of this socket resets the connection, and sends nothing that is still queued.
void reset_on_close(int socket) noexcept;

}  // namespace quire::io::posix
