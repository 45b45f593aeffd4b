// Round trips through an echo server: CPU time of the server's thread for each, how many in a
// second, and how long one takes for the client.
#pragma once

#include "bench/io/echo_client.hpp"
#include "bench/io/echo_server.hpp"
#include "bench/io/frame.hpp"
#include "bench/io/gate.hpp"

#include <algorithm>
#include <vector>

namespace quire::bench {

// The n-th part of a thousand, in microseconds.
inline double permille(std::vector<std::uint32_t> const& sorted, std::size_t n) {
  return sorted[std::min(sorted.size() - 1, sorted.size() * n / 1000)] / 1e3;
}

template <io::proactor P>
sample echo_round(std::size_t connections, std::size_t round_trips, io::receive_policy policy) {
  pin_to_core(measured_core);
  loop<P> l;
  echo_server<P> server(l, policy);
  std::size_t const each = std::max<std::size_t>(1, round_trips / connections);
  gate connected;
  gate go;
  std::vector<std::uint32_t> times;
  io::endpoint const where = server.where();
  std::jthread clients =
      beside([&] { times = make_round_trips(where, connections, each, connected, go); });
  l.run_until([&] { return server.adopted() == connections; });
  connected.wait();
  std::size_t const total = connections * each;
  stop_watch watch;
  go.open();
  l.run_until([&] { return server.echoed() == total * message_size; });
  watch.stop();
  l.run_until([&] { return server.ended() == connections; });
  // All connections have ended, so the client has written its last time.
  clients.join();
  require(times.size() == total, "an echo is missing");
  std::sort(times.begin(), times.end());
  return {watch.thread_ns(total) / 1e3, watch.rate(total), permille(times, 500),
          permille(times, 990)};
}

}  // namespace quire::bench
