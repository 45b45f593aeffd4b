#include "bench/io/idle_clients.hpp"

#include <quire/io/posix/descriptor.hpp>
#include <quire/io/posix/socket.hpp>

#include "bench/io/measure.hpp"
#include "bench/io/message_peer.hpp"

#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

namespace quire::bench {
namespace {

// One round trip; false when it went wrong.
bool connect_and_ask(io::endpoint const& server, io::posix::descriptor& out) {
  if (io::posix::open_socket(server, io::posix::blocking::yes, out) != io::error::none)
    return false;
  sockaddr_storage address;
  socklen_t const size = io::posix::to_address(server, address);
  if (::connect(out.get(), reinterpret_cast<sockaddr const*>(&address), size) != 0) return false;
  std::array<char, message_size> echo;
  return ::send(out.get(), message().data(), message_size, MSG_NOSIGNAL) == message_size &&
         ::recv(out.get(), echo.data(), message_size, MSG_WAITALL) == message_size &&
         echo == message();
}

[[noreturn]] void run_clients(io::endpoint const& server, std::size_t connections,
                              int until_closed) {
  pin_to_core(other_core);
  std::vector<io::posix::descriptor> sockets(connections);
  bool const good = std::all_of(sockets.begin(), sockets.end(), [&](io::posix::descriptor& s) {
    return connect_and_ask(server, s);
  });
  char nothing;
  ssize_t const end = good ? ::read(until_closed, &nothing, 1) : -1;
  ::_exit(end == 0 ? 0 : 1);
}

}  // namespace

idle_clients::idle_clients(io::endpoint const& server, std::size_t connections) {
  int ends[2];
  require(::pipe(ends) == 0, "cannot make a pipe");
  process_ = ::fork();
  require(process_ >= 0, "cannot start a process");
  if (process_ == 0) {
    ::close(ends[1]);
    run_clients(server, connections, ends[0]);
  }
  ::close(ends[0]);
  ends_when_closed_ = ends[1];
}

idle_clients::~idle_clients() {
  if (process_ >= 0) end();
}

void idle_clients::end() {
  ::close(std::exchange(ends_when_closed_, -1));
  int status = 0;
  ::waitpid(std::exchange(process_, -1), &status, 0);
  require(WIFEXITED(status) && WEXITSTATUS(status) == 0, "an echo is wrong");
}

}  // namespace quire::bench
