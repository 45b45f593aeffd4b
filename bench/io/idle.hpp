// What an idle connection costs in memory, after it has served one round trip.
//
// It is what memory grows by, from connection to connection, divided by their number. The first
// tenth of them is not counted: they touch what the loop has once, such as the pages of io_uring's
// ring.
#pragma once

#include "bench/io/echo_client.hpp"
#include "bench/io/echo_server.hpp"
#include "bench/io/frame.hpp"
#include "bench/io/idle_clients.hpp"

#include <cstddef>

namespace quire::bench {

template <io::proactor P>
sample idle_round(std::size_t connections, io::receive_policy policy) {
  pin_to_core(measured_core);
  loop<P> l(std::size_t{256} << 20);
  echo_server<P> server(l, policy);
  std::size_t const pages_before = l.pool.in_use();
  idle_clients clients(server.where(), connections);
  auto const run_until_idle = [&](std::size_t count) {
    l.run_until([&] { return server.echoed() >= count * message_size; });
    // The last receive has been handed over.
    l.p.run_once(io::wait::no);
    return server.adopted();
  };
  std::size_t const first = run_until_idle(connections / 10);
  memory_in_use const before = measure_memory();
  std::size_t const last = run_until_idle(connections);
  memory_in_use const after = measure_memory();
  double const pages = static_cast<double>(l.pool.in_use() - pages_before);
  clients.end();
  l.run_until([&] { return server.ended() == connections; });
  auto const n = static_cast<double>(last - first);
  auto const grown = [n](std::size_t a, std::size_t b) {
    return (static_cast<double>(b) - static_cast<double>(a)) / n;
  };
  return {grown(before.resident, after.resident), grown(before.heap, after.heap),
          pages * page_pool::page_size / static_cast<double>(connections)};
}

}  // namespace quire::bench
