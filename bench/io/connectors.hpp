// Clients that connect, wait for the end of the connection, and connect again.
#pragma once

#include <quire/io/endpoint.hpp>

#include <cstddef>

namespace quire::bench {

// Until `count` connections have been there, many at a time.
void make_connections(io::endpoint const& server, std::size_t count);

}  // namespace quire::bench
