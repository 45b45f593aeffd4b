// A client of a simulated world: sends requests, well or badly, and checks all that comes back.
//
// The answers must be those of its requests, in order, each right and whole, but the last one may
// be cut off; after that nothing may come.
#pragma once

#include "tests/simulation/question.hpp"

#include <quire/io/sim/proactor.hpp>

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>

namespace quire::simulation {

class visitor {
 public:
  visitor(io::sim::proactor& p, page_pool& pool, site_model const& site, tag_ledger& ledger,
          std::uint64_t seed);

  void connect(io::endpoint const& server);
  // Ends what it is doing, as fast as it can.
  void give_up() noexcept;
  bool done() const noexcept;
  // What was wrong; empty when nothing was.
  std::string const& complaint() const noexcept { return complaint_; }
  std::size_t answers() const noexcept { return answers_; }
  // Of them.
  std::size_t encoded_answers() const noexcept { return encoded_answers_; }
  std::size_t digests() const noexcept { return digests_; }

 private:
  void ask_something();
  void send() noexcept;
  void receive() noexcept;
  void on_connected() noexcept;
  void on_sent() noexcept;
  void on_received() noexcept;
  void on_pause_over() noexcept;
  void read_answers();
  bool read_answer();
  void complain(std::string_view what, question const& q, std::string_view head);
  void end() noexcept;

  io::sim::proactor& proactor_;
  page_pool& pool_;
  site_model const& site_;
  tag_ledger& ledger_;
  io::sim::random_source random_;
  io::sim::stream stream_;
  io::sim::connect_operation connect_;
  io::sim::send_operation send_;
  io::sim::receive_operation receive_;
  io::sim::proactor::timer pause_;
  buffer in_;
  const_span span_;
  std::string to_send_;
  std::string received_;
  std::string complaint_;
  std::deque<question> questions_;
  std::size_t sent_ = 0;
  std::size_t answers_ = 0;
  std::size_t encoded_answers_ = 0;
  std::size_t digests_ = 0;
  std::uint64_t questions_left_ = 0;
  bool leaves_early_ = false;
  bool last_asked_ = false;  // The server closes after the answer to what was asked last.
  bool ending_ = false;
};

}  // namespace quire::simulation
