// An echo server in coroutines: each connection is one, and reads like a program that blocks.
#include <quire/io/awaitable.hpp>
#include <quire/io/epoll/proactor.hpp>

#include <array>
#include <cstdio>
#include <memory>

namespace {

using namespace quire;
using proactor = io::epoll::proactor;  // Any other back end will do.
using awaitable = io::awaitable<proactor>;

struct connection {
  proactor::stream stream;
  buffer bytes;
};

// Sends all that the buffer holds. False: the peer is gone.
io::task<bool> send_all(io::frame_pool&, awaitable io, page_pool& pages, connection& c) {
  std::array<const_span, 8> spans;
  while (!c.bytes.empty()) {
    auto const sent = co_await io.send(c.stream, std::span(spans).first(c.bytes.gather(spans)));
    if (!sent) co_return false;
    c.bytes.commit_read(sent.bytes);  // A send may be short.
    while (page* const consumed = c.bytes.pop_consumed()) pages.release(consumed);
  }
  co_return true;
}

io::task<> echo(io::frame_pool& frames, awaitable io, page_pool& pages,
                std::unique_ptr<connection> c) {
  while (co_await io.receive(c->stream, c->bytes)) {
    auto sending = send_all(frames, io, pages, *c);
    if (!sending || !co_await std::move(sending)) break;
  }
  while (page* const left = c->bytes.pop()) pages.release(left);
  io.loop().close(c->stream);
}

io::task<> serve(io::frame_pool& frames, awaitable io, page_pool& pages,
                 proactor::listener& listener) {
  for (;;) {
    auto c = std::make_unique<connection>();
    auto const accepted = co_await io.accept(listener, c->stream);
    if (accepted.result != io::error::none) continue;
    proactor::stream& stream = c->stream;
    if (auto serving = echo(frames, io, pages, std::move(c))) {
      std::move(serving).detach();
    } else {
      io.loop().close(stream);
    }
  }
}

}  // namespace

int main() {
  page_pool pages(64 << 20);
  io::frame_pool frames(pages);
  io::options options;
  options.pool = &pages;
  io::error e = io::error::none;
  proactor p(options, e);
  if (e != io::error::none) return 1;
  proactor::listener listener;
  io::endpoint where;
  if (!io::parse_endpoint("127.0.0.1:0", where)) return 1;
  if (p.listen(listener, where, {}) != io::error::none) return 1;
  std::printf("echo on port %d\n", p.local_endpoint(listener).port);
  std::fflush(stdout);
  serve(frames, awaitable(p), pages, listener).detach();
  for (;;) p.run_once(io::wait::yes);
}
