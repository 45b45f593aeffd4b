// A server that sends back what comes, over any back end, and counts.
//
// A connection is what a program would keep for it: the stream, two operations, a buffer, and a
// short list of spans. While it waits it holds no page under receive_policy::on_demand, one under
// pinned.
#pragma once

#include "bench/io/measure.hpp"

#include <array>
#include <cstddef>
#include <deque>
#include <span>

namespace quire::bench {

template <io::proactor P>
class echo_server {
 public:
  echo_server(loop<P>& l, io::receive_policy policy) : loop_(l), policy_(policy) {
    accept_.template bind<&echo_server::on_accepted>(this);
    require(loop_.p.listen(listener_, loopback(), {}), "cannot listen");
    loop_.p.accept(listener_, accept_);
  }
  ~echo_server() {
    loop_.p.cancel(accept_);
    loop_.run_until([&] { return accept_.idle(); });
    if (accepted()) loop_.p.discard(accept_);
    loop_.p.close(listener_);
  }
  echo_server(echo_server const&) = delete;
  echo_server& operator=(echo_server const&) = delete;

  io::endpoint where() const { return loop_.p.local_endpoint(listener_); }
  // Connections that have come, and those of them that have ended.
  std::size_t adopted() const { return connections_.size(); }
  std::size_t ended() const { return ended_; }
  // Bytes that were sent back.
  std::size_t echoed() const { return echoed_; }

 private:
  struct connection {
    explicit connection(echo_server& s) : server(s) {
      receive.template bind<&connection::on_received>(this);
      receive.policy(s.policy_);
      send.template bind<&connection::on_sent>(this);
    }
    P& p() noexcept { return server.loop_.p; }

    void receive_more() noexcept { p().receive(stream, receive, bytes); }
    void on_received() noexcept {
      if (receive.result() != io::error::none || receive.transferred() == 0) return end();
      send_all();
    }
    void send_all() noexcept {
      std::size_t const used = bytes.gather(spans);
      p().send(stream, send, std::span(spans).first(used));
    }
    void on_sent() noexcept {
      if (send.result() != io::error::none) return end();
      server.echoed_ += send.transferred();
      bytes.commit_read(send.transferred());
      if (!bytes.empty()) return send_all();
      release_pages();
      receive_more();
    }
    void release_pages() noexcept {
      while (page* const left = bytes.pop()) server.loop_.pool.release(left);
    }
    void end() noexcept {
      release_pages();
      p().close(stream);
      ++server.ended_;
    }

    echo_server& server;
    typename P::stream stream;
    typename P::receive_operation receive;
    typename P::send_operation send;
    buffer bytes;
    std::array<const_span, 2> spans;
  };

  bool accepted() const { return accept_.result() == io::error::none; }
  void on_accepted() noexcept {
    if (accept_.result() == io::error::canceled) return;
    require(accept_.result(), "cannot accept");
    connection& c = connections_.emplace_back(*this);
    require(loop_.p.adopt(c.stream, accept_), "cannot adopt");
    c.receive_more();
    loop_.p.accept(listener_, accept_);
  }

  loop<P>& loop_;
  io::receive_policy policy_;
  typename P::listener listener_;
  typename P::accept_operation accept_;
  std::deque<connection> connections_;
  std::size_t ended_ = 0;
  std::size_t echoed_ = 0;
};

}  // namespace quire::bench
