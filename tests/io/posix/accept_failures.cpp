// accept() and accept4(), of which the tests may lose the connections.
#include "tests/io/accept_failures.hpp"

#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>

namespace {

int lost(int socket) noexcept {
  if (socket < 0 || !quire::test::lost_connections::now) return socket;
  ::close(socket);
  errno = ECONNABORTED;
  return -1;
}

}  // namespace

extern "C" {

int __real_accept(int listening, sockaddr* address, socklen_t* size);
int __wrap_accept(int listening, sockaddr* address, socklen_t* size) {
  return lost(__real_accept(listening, address, size));
}

int __real_accept4(int listening, sockaddr* address, socklen_t* size, int flags);
int __wrap_accept4(int listening, sockaddr* address, socklen_t* size, int flags) {
  return lost(__real_accept4(listening, address, size, flags));
}
}
