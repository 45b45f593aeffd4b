// Clients that make one round trip each and then keep their connections open: a process of its own,
// so that its memory does not count.
#pragma once

#include <quire/io/endpoint.hpp>

#include <cstddef>

namespace quire::bench {

class idle_clients {
 public:
  // Requires: the calling process has one thread.
  idle_clients(io::endpoint const& server, std::size_t connections);
  ~idle_clients();
  idle_clients(idle_clients const&) = delete;
  idle_clients& operator=(idle_clients const&) = delete;

  // They close their connections. Errors: std::runtime_error when an echo was wrong.
  void end();

 private:
  int process_ = -1;
  int ends_when_closed_ = -1;
};

}  // namespace quire::bench
