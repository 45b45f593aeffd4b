// The simulated network: sockets in pairs, and the bytes on their way between them.
//
// Memory is taken when a connection is made: one ring of bytes for each direction.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/io/endpoint.hpp>
#include <quire/io/timer_queue.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <vector>

namespace quire::io::sim {

class proactor;
class stream;

// Bytes in order, at most as many as it was made for.
class byte_ring {
 public:
  explicit byte_ring(std::size_t capacity) : bytes_(capacity) {}

  std::size_t size() const noexcept { return size_; }
  std::size_t room() const noexcept { return bytes_.size() - size_; }

  // Requires: n <= room().
  void write(char const* from, std::size_t n) noexcept {
    while (n != 0) {
      std::size_t const at = (first_ + size_) % bytes_.size();
      std::size_t const here = std::min(n, bytes_.size() - at);
      std::memcpy(bytes_.data() + at, from, here);
      size_ += here;
      from += here;
      n -= here;
    }
  }
  // Requires: n <= size().
  void read(char* to, std::size_t n) noexcept {
    while (n != 0) {
      std::size_t const here = std::min(n, bytes_.size() - first_);
      std::memcpy(to, bytes_.data() + first_, here);
      first_ = (first_ + here) % bytes_.size();
      size_ -= here;
      to += here;
      n -= here;
    }
  }

 private:
  std::vector<char> bytes_;
  std::size_t first_ = 0;
  std::size_t size_ = 0;
};

// One end of a connection.
struct socket {
  socket(proactor& p, std::uint64_t n, std::size_t pipe_size)
      : loop(p), id(n), incoming(pipe_size) {
    arrival.bind<&socket::on_arrival>(this);
  }

  void on_arrival() noexcept;

  proactor& loop;
  std::uint64_t id;
  endpoint local;
  endpoint remote;
  socket* peer = nullptr;   // nullptr once it is closed.
  stream* owner = nullptr;  // nullptr until it is adopted.
  byte_ring incoming;       // Sent to this end.
  std::size_t arrived = 0;  // So many of these can be received.
  timer arrival;            // When the others arrive.
  bool peer_ended = false;  // The peer sends no more.
  bool end_arrived = false;
  bool ended = false;  // This end sends no more.
  bool reset = false;
};

}  // namespace quire::io::sim
