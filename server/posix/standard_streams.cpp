#include <quire/server/standard_streams.hpp>

namespace quire::server {

void make_standard_streams_binary() noexcept {}

}  // namespace quire::server
