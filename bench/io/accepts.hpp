// Connections that end as soon as they are there: CPU time of the thread that accepts, how many in
// a second. They end by a reset, so that no port is left waiting.
#pragma once

#include "bench/io/connectors.hpp"
#include "bench/io/frame.hpp"
#include "bench/io/measure.hpp"

#include <array>
#include <cstddef>

namespace quire::bench {

template <io::proactor P>
class accept_server {
 public:
  explicit accept_server(loop<P>& l) : loop_(l) {
    require(loop_.p.listen(listener_, loopback(), {}), "cannot listen");
    for (auto& a : accepts_) a.start(*this);
  }
  ~accept_server() {
    for (auto& a : accepts_) loop_.p.cancel(a.operation);
    loop_.run_until([&] { return idle_ == accepts_.size(); });
    loop_.p.close(listener_);
  }
  accept_server(accept_server const&) = delete;
  accept_server& operator=(accept_server const&) = delete;

  io::endpoint where() const { return loop_.p.local_endpoint(listener_); }
  std::size_t accepted() const { return accepted_; }

 private:
  // One of several accepts that wait.
  struct acceptor {
    void start(accept_server& s) {
      server = &s;
      operation.template bind<&acceptor::on_accepted>(this);
      s.loop_.p.accept(s.listener_, operation);
    }
    void on_accepted() noexcept {
      if (operation.result() == io::error::canceled) {
        ++server->idle_;
        return;
      }
      require(operation.result(), "cannot accept");
      typename P::stream s;
      require(server->loop_.p.adopt(s, operation), "cannot adopt");
      server->loop_.p.abort(s);
      ++server->accepted_;
      server->loop_.p.accept(server->listener_, operation);
    }
    accept_server* server = nullptr;
    typename P::accept_operation operation;
  };

  loop<P>& loop_;
  typename P::listener listener_;
  std::array<acceptor, 8> accepts_;
  std::size_t accepted_ = 0;
  std::size_t idle_ = 0;
};

template <io::proactor P>
sample accept_round(std::size_t count) {
  pin_to_core(measured_core);
  loop<P> l;
  accept_server<P> server(l);
  io::endpoint const where = server.where();
  stop_watch watch;
  std::jthread clients = beside([=] { make_connections(where, count); });
  l.run_until([&] { return server.accepted() == count; });
  watch.stop();
  clients.join();
  require(server.accepted() == count, "connections came that nobody made");
  return {watch.thread_ns(count) / 1e3, watch.rate(count)};
}

}  // namespace quire::bench
