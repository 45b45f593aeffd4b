#include "bench/io/connectors.hpp"

#include "bench/io/measure.hpp"
#include "native_back_end.hpp"

#include <array>

namespace quire::bench {
namespace {

using proactor = native_back_end;

struct shared {
  loop<proactor> l;
  io::endpoint server;
  std::size_t to_make = 0;
  std::size_t to_end = 0;
};

struct connector {
  void start(shared& s) {
    all = &s;
    connect.bind<&connector::on_connected>(this);
    receive.bind<&connector::on_received>(this);
    again();
  }
  void again() noexcept {
    if (all->to_make == 0) return;
    --all->to_make;
    all->l.p.connect(stream, all->server, connect);
  }
  void on_connected() noexcept {
    if (connect.result() == io::error::none) return all->l.p.receive(stream, receive, bytes);
    require(connect.result() == io::error::connection_reset, "cannot connect");
    --all->to_end;
    again();
  }
  void on_received() noexcept {
    require(bytes.empty(), "bytes came that nobody sent");
    while (page* const p = bytes.pop()) all->l.pool.release(p);
    all->l.p.close(stream);
    --all->to_end;
    again();
  }

  shared* all = nullptr;
  proactor::stream stream;
  proactor::connect_operation connect;
  proactor::receive_operation receive;
  buffer bytes;
};

}  // namespace

void make_connections(io::endpoint const& server, std::size_t count) {
  shared s;
  s.server = server;
  s.to_make = s.to_end = count;
  std::array<connector, 64> connectors;
  for (connector& c : connectors) c.start(s);
  s.l.run_until([&] { return s.to_end == 0; });
}

}  // namespace quire::bench
