// The other end of a stream of messages, on a thread of its own: a sink that takes and checks them,
// a source that sends them as fast as it can.
#pragma once

#include <quire/io/endpoint.hpp>

#include "bench/io/echo_client.hpp"
#include "bench/io/gate.hpp"

#include <array>
#include <cstddef>
#include <thread>

namespace quire::bench {

// All messages are alike; each byte differs from its neighbours.
std::array<char, message_size> const& message();
// Whether these bytes are those from `offset` on of a stream of messages.
bool is_of_messages(char const* data, std::size_t size, std::size_t offset);

class message_sink {
 public:
  // Listens, and takes one connection, on which `count` messages come.
  explicit message_sink(std::size_t count);
  message_sink(message_sink const&) = delete;
  message_sink& operator=(message_sink const&) = delete;

  io::endpoint where() const { return where_; }
  // Until the sender has closed. Errors: std::runtime_error when messages were wrong or missing.
  void wait();

 private:
  io::endpoint where_;
  gate listening_;
  std::size_t received_ = 0;
  std::size_t expected_;
  std::jthread thread_;
};

class message_source {
 public:
  // Connects; sends `count` messages after start(), then closes.
  message_source(io::endpoint const& to, std::size_t count);
  message_source(message_source const&) = delete;
  message_source& operator=(message_source const&) = delete;

  void start() { go_.open(); }

 private:
  gate go_;
  std::jthread thread_;
};

}  // namespace quire::bench
