// An echo server in completions: each operation is a member, each completion a function.
#include <quire/io/epoll/proactor.hpp>

#include <array>
#include <cstdio>
#include <memory>

namespace {

using namespace quire;
using proactor = io::epoll::proactor;  // Any other back end will do.

struct echo {
  echo(proactor& loop, page_pool& pages) : p(loop), pool(pages) {
    receive.bind<&echo::on_received>(this);
    send.bind<&echo::on_sent>(this);
  }
  void on_received() noexcept {
    if (receive.result() != io::error::none || receive.transferred() == 0) return end();
    send_all();
  }
  void send_all() noexcept {
    std::size_t const used = bytes.gather(spans);
    p.send(stream, send, std::span(spans).first(used));
  }
  void on_sent() noexcept {
    if (send.result() != io::error::none) return end();
    bytes.commit_read(send.transferred());
    while (page* const consumed = bytes.pop_consumed()) pool.release(consumed);
    bytes.empty() ? p.receive(stream, receive, bytes) : send_all();  // A send may be short.
  }
  void end() noexcept {
    while (page* const left = bytes.pop()) pool.release(left);
    p.close(stream);
    delete this;  // Nothing is in flight.
  }

  proactor& p;
  page_pool& pool;
  proactor::stream stream;
  proactor::receive_operation receive;
  proactor::send_operation send;
  buffer bytes;
  std::array<const_span, 8> spans;
};

struct echo_server {
  explicit echo_server(proactor& loop, page_pool& pages) : p(loop), pool(pages) {
    accept.bind<&echo_server::on_accepted>(this);
  }
  void on_accepted() noexcept {
    if (accept.result() == io::error::none) {
      auto connection = std::make_unique<echo>(p, pool);
      if (p.adopt(connection->stream, accept) == io::error::none) {
        echo& e = *connection.release();
        p.receive(e.stream, e.receive, e.bytes);
      }
    }
    p.accept(listener, accept);
  }

  proactor& p;
  page_pool& pool;
  proactor::listener listener;
  proactor::accept_operation accept;
};

}  // namespace

int main() {
  page_pool pool(64 << 20);
  io::options options;
  options.pool = &pool;
  io::error e = io::error::none;
  proactor p(options, e);
  if (e != io::error::none) return 1;
  echo_server server(p, pool);
  io::endpoint where;
  if (!io::parse_endpoint("127.0.0.1:0", where)) return 1;
  if (p.listen(server.listener, where, {}) != io::error::none) return 1;
  std::printf("echo on port %d\n", p.local_endpoint(server.listener).port);
  std::fflush(stdout);
  p.accept(server.listener, server.accept);
  for (;;) p.run_once(io::wait::yes);
}
