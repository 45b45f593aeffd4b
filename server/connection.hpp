// A connection: what is between the first byte that a client sends and the last one that it gets.
//
// Idle, it is this object and nothing else: no page, no exchange (exchange.hpp). While all that is
// left is a body in a memory file, it has a transfer (transfer.hpp) instead of these. All it does
// is react to completions; connection_state.hpp has the states. Requests are answered in order. The
// answers to all requests that came in one receive leave in one send, as far as they fit.
#pragma once

#include <quire/server/answer.hpp>
#include <quire/server/connection_state.hpp>
#include <quire/server/exchange.hpp>
#include <quire/server/transfer.hpp>
#include <quire/server/worker.hpp>

#include <cassert>
#include <chrono>
#include <cstdint>

namespace quire::server {

template <io::proactor Proactor>
class connection {
 public:
  explicit connection(worker<Proactor>& w) noexcept : worker_(w) {
    receive_.template bind<&connection::on_received>(this);
    timer_.template bind<&connection::on_timer>(this);
  }
  connection(connection const&) = delete;
  connection& operator=(connection const&) = delete;

  typename Proactor::stream& stream() noexcept { return stream_; }

  // Serves the stream, which was adopted.
  void start(io::endpoint const& peer) noexcept;
  // Answers 503 to whatever comes, and closes.
  void refuse(io::endpoint const& peer) noexcept;
  // Ends when the request that is under way is answered; at once when there is none, or its client
  // only has to close.
  void drain() noexcept;
  // Ends now; what is on its way is cut off.
  void abort() noexcept;

 private:
  friend class worker<Proactor>;
  using state = connection_state;

  // What a client may still send after the last response before it is cut off.
  static constexpr std::uint64_t linger_bytes_max = 1024 * 1024;
  static constexpr std::chrono::seconds linger_time{2};
  // Spans that the next response may take: a head, and a chunk of a file.
  static constexpr std::size_t room_min = file_stream<Proactor>::chunk_pages + 2;

  services<Proactor>& shared() noexcept { return worker_.shared(); }
  Proactor& proactor() noexcept { return shared().proactor; }
  void move_to(state next) noexcept {
    if (next == state_) return;
    assert(may_follow(state_, next));
    state_ = next;
  }
  void set_deadline(std::chrono::nanoseconds after) noexcept {
    proactor().schedule(timer_, proactor().now() + after);
  }
  void set_deadline(std::uint64_t settings::*seconds) noexcept {
    set_deadline(std::chrono::seconds(shared().configuration.*seconds));
  }

  void receive() noexcept { proactor().receive(stream_, receive_, in_); }
  void on_received() noexcept;
  void on_lingering_bytes() noexcept;

  void process() noexcept;
  http::result read_behind_lines(http::node<buffer::iterator>& element, http::error& why) noexcept;
  bool take(http::node<buffer::iterator> const& element) noexcept;
  // Not a byte of the next request is there.
  [[gnu::always_inline]] bool is_between_messages() const noexcept {
    return !exchange_->in_message && exchange_->position == in_.end();
  }
  void wait_for_more() noexcept;
  void go_idle() noexcept;
  void await_request() noexcept;
  void end_message() noexcept;
  void consume() noexcept;
  void release_pages() noexcept;

  bool begin_answer() noexcept;
  void on_loaded() noexcept;
  void on_digested() noexcept;
  bool proceed(answer_step step) noexcept;
  answerer<Proactor> answer() noexcept { return {*exchange_, shared(), peer_}; }

  void flush() noexcept;
  void on_sent() noexcept;
  void on_chunk() noexcept;
  void streamed(std::uint64_t bytes) noexcept;
  void batch_sent() noexcept;
  bool begin_transfer() noexcept;
  void on_transferred() noexcept;
  void continue_transfer() noexcept;
  void log_transfer() noexcept;
  void release_transfer() noexcept;

  // What an answer calls when it goes on.
  struct callbacks {
    static constexpr auto loaded = &connection::on_loaded;
    static constexpr auto digested = &connection::on_digested;
    static constexpr auto chunk = &connection::on_chunk;
  };

  void on_timer() noexcept;
  void linger() noexcept;
  void close() noexcept;
  void try_end() noexcept;

  bool acquire_exchange() noexcept;
  void release_exchange() noexcept;

  worker<Proactor>& worker_;
  connection* next_ = nullptr;  // In the worker's list.
  connection* previous_ = nullptr;
  exchange<Proactor>* exchange_ = nullptr;
  transfer<Proactor>* transfer_ = nullptr;
  typename Proactor::stream stream_;
  typename Proactor::receive_operation receive_;
  typename Proactor::timer timer_;
  buffer in_;
  io::endpoint peer_;
  std::uint32_t lingered_ = 0;
  state state_ = state::idle;
  bool refused_ = false;  // Answered by 503, and not counted among those that are served.
  bool reset_ = false;    // End with a reset, so that the client sees that something is missing.
};

}  // namespace quire::server

#include <quire/server/connection_impl.hpp>
