#include "bench/io/echo_client.hpp"

#include "bench/io/measure.hpp"
#include "native_back_end.hpp"

#include <algorithm>
#include <array>
#include <cstring>
#include <deque>

namespace quire::bench {
namespace {

using clock = std::chrono::steady_clock;
using proactor = native_back_end;

struct shared {
  loop<proactor> l;
  std::size_t each = 0;
  std::size_t waiting = 0;  // Connections under way, or round trips to come.
  std::vector<std::uint32_t> times;
};

class client {
 public:
  client(shared& s, io::endpoint const& server, std::size_t number) : all_(s) {
    connect_.bind<&client::on_connected>(this);
    receive_.bind<&client::on_received>(this);
    send_.bind<&client::on_sent>(this);
    message_.fill(static_cast<char>('a' + number % 26));
    all_.l.p.connect(stream_, server, connect_);
  }
  ~client() {
    while (page* const p = bytes_.pop()) all_.l.pool.release(p);
    all_.l.p.close(stream_);
  }

  void ask() noexcept {
    // Each message differs from the one before.
    std::memcpy(message_.data(), &asked_, sizeof asked_);
    ++asked_;
    began_ = clock::now();
    span_ = {message_.data(), message_.size()};
    all_.l.p.send(stream_, send_, {&span_, 1});
  }

 private:
  void on_connected() noexcept {
    require(connect_.result(), "cannot connect");
    --all_.waiting;
  }
  void on_sent() noexcept {
    require(send_.result(), "cannot send");
    span_ = {span_.data + send_.transferred(), span_.size - send_.transferred()};
    if (span_.size != 0) return all_.l.p.send(stream_, send_, {&span_, 1});
    all_.l.p.receive(stream_, receive_, bytes_);
  }
  void on_received() noexcept {
    require(receive_.result(), "cannot receive");
    require(receive_.transferred() != 0, "the server ends early");
    if (bytes_.size() < message_size) return all_.l.p.receive(stream_, receive_, bytes_);
    auto const took = std::chrono::nanoseconds(clock::now() - began_).count();
    require(bytes_.size() == message_size &&
                std::equal(bytes_.begin(), bytes_.end(), message_.begin(), message_.end()),
            "the echo is wrong");
    bytes_.commit_read(message_size);
    while (page* const p = bytes_.pop()) all_.l.pool.release(p);
    all_.times.push_back(static_cast<std::uint32_t>(std::min<std::int64_t>(took, UINT32_MAX)));
    if (asked_ == all_.each) {
      --all_.waiting;
    } else {
      ask();
    }
  }

  shared& all_;
  proactor::stream stream_;
  proactor::connect_operation connect_;
  proactor::receive_operation receive_;
  proactor::send_operation send_;
  buffer bytes_;
  const_span span_;
  std::size_t asked_ = 0;
  clock::time_point began_;
  std::array<char, message_size> message_;
};

}  // namespace

std::vector<std::uint32_t> make_round_trips(io::endpoint const& server, std::size_t connections,
                                            std::size_t each, gate& connected, gate& go) {
  shared s;
  s.each = each;
  s.times.reserve(connections * each);
  s.waiting = connections;
  std::deque<client> clients;
  for (std::size_t i = 0; i != connections; ++i) clients.emplace_back(s, server, i);
  s.l.run_until([&] { return s.waiting == 0; });
  connected.open();
  go.wait();
  s.waiting = connections;
  for (client& c : clients) c.ask();
  s.l.run_until([&] { return s.waiting == 0; });
  return std::move(s.times);
}

}  // namespace quire::bench
