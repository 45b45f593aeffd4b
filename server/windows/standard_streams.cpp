#include <quire/server/standard_streams.hpp>

#include <fcntl.h>
#include <io.h>
#include <cstdio>
#include <initializer_list>

namespace quire::server {

void make_standard_streams_binary() noexcept {
  for (std::FILE* const stream : {stdin, stdout, stderr}) _setmode(_fileno(stream), _O_BINARY);
}

}  // namespace quire::server
