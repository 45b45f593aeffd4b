#include <quire/server/standard_streams.hpp>

#include <fcntl.h>
#include <io.h>
#include <cstdio>

namespace quire::server {

void make_standard_streams_binary() noexcept {
  _setmode(_fileno(stdin), _O_BINARY);
  _setmode(_fileno(stdout), _O_BINARY);
}

}  // namespace quire::server
