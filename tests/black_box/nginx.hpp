// nginx as Debian ships it, on a free port of the loopback address: the peer that answers are
// compared with. POSIX.
//
// The test binds the port and nginx inherits the socket, so nobody else can have it, and a client
// that connects before nginx is ready waits in the socket's queue.
#pragma once

#include "tests/black_box/server.hpp"

#include <sys/types.h>

#include <filesystem>

namespace quire::test {

class nginx {
 public:
  // Serves `root`, with .gz siblings; what it writes goes to `scratch`, an empty directory.
  nginx(std::filesystem::path const& root, std::filesystem::path const& scratch);
  ~nginx();
  nginx(nginx const&) = delete;
  nginx& operator=(nginx const&) = delete;

  address const& where() const { return where_; }

 private:
  address where_;
  pid_t id_ = -1;
};

}  // namespace quire::test
