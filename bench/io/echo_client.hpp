// Clients of the echo server, the same for every back end: they run on the platform's native one,
// on a core of their own, and look at every byte that comes back.
#pragma once

#include <quire/io/endpoint.hpp>

#include "bench/io/gate.hpp"

#include <cstddef>
#include <cstdint>
#include <vector>

namespace quire::bench {

inline constexpr std::size_t message_size = 128;

// Connects all, opens `connected`, waits for `go`, then makes round trips, one at a time on
// each connection, and closes. Returns how long each took, in nanoseconds.
// Errors: std::runtime_error when an echo is wrong.
std::vector<std::uint32_t> make_round_trips(io::endpoint const& server, std::size_t connections,
                                            std::size_t each, gate& connected, gate& go);

}  // namespace quire::bench
