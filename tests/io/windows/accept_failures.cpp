// What the back end for Windows calls to accept: the tests may lose the connections, and have no
// socket.
#include <quire/io/iocp/socket.hpp>

#include "tests/io/accept_failures.hpp"
#include "tests/io/windows/no_descriptors.hpp"

namespace quire::test {
namespace {

using io::error;
using io::iocp::owned_socket;

}  // namespace

// open_socket() and update_accept_context(), as the linker knows them.
error real_open_socket(bool v6, owned_socket& out) noexcept
    __asm__("__real__ZN5quire2io4iocp11open_socketEbRNS1_12owned_socketE");
error open_socket(bool v6, owned_socket& out) noexcept
    __asm__("__wrap__ZN5quire2io4iocp11open_socketEbRNS1_12owned_socketE");
error real_update_accept_context(owned_socket& s, io::nt::socket_handle listening) noexcept
    __asm__("__real__ZN5quire2io4iocp21update_accept_contextERNS1_12owned_socketEy");
error update_accept_context(owned_socket& s, io::nt::socket_handle listening) noexcept
    __asm__("__wrap__ZN5quire2io4iocp21update_accept_contextERNS1_12owned_socketEy");

error open_socket(bool v6, owned_socket& out) noexcept {
  return no_descriptors::now ? error::too_many_open_files : real_open_socket(v6, out);
}

error update_accept_context(owned_socket& s, io::nt::socket_handle listening) noexcept {
  error const e = real_update_accept_context(s, listening);
  return lost_connections::now ? error::connection_reset : e;
}

}  // namespace quire::test
