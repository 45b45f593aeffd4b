// The member functions of connection<Proactor>.
#pragma once

#include <quire/server/connection.hpp>

#include <algorithm>
#include <utility>

namespace quire::server {

// ---- Begin and end
// -----------------------------------------------------------------------------------

template <io::proactor Proactor>
void connection<Proactor>::start(io::endpoint const& peer) noexcept {
  peer_ = peer;
  set_deadline(&settings::idle_timeout);
  receive();
}

template <io::proactor Proactor>
void connection<Proactor>::refuse(io::endpoint const& peer) noexcept {
  peer_ = peer;
  refused_ = true;
  if (!acquire_exchange()) return abort();
  answer().error(status::service_unavailable, "It has as many connections as it may have.");
  flush();
}

template <io::proactor Proactor>
void connection<Proactor>::drain() noexcept {
  // Whoever is in the middle of something learns of the end with its response; who has had its last
  // response is not waited for.
  if (state_ == state::idle || state_ == state::linger) close();
}

template <io::proactor Proactor>
void connection<Proactor>::abort() noexcept {
  reset_ = true;
  close();
}

template <io::proactor Proactor>
void connection<Proactor>::close() noexcept {
  if (state_ == state::closing) return;
  move_to(state::closing);
  if (!receive_.idle()) proactor().cancel(receive_);
  if (!timer_.idle()) proactor().cancel(timer_);
  if (exchange_ != nullptr) {
    if (exchange_->stream.active()) {
      answer().streamed(exchange_->stream.taken() -
                        std::min(exchange_->stream.taken(), exchange_->out.bytes()));
    }
    if (exchange_->file_body.active()) answer().streamed(exchange_->file_body.sent());
    if (!exchange_->send.idle()) proactor().cancel(exchange_->send);
    exchange_->loader.cancel();
    shared().digests.give_up(exchange_->digest);
    exchange_->stream.cancel();
  }
  if (transfer_ != nullptr) {
    log_transfer();
    if (!transfer_->send.idle()) proactor().cancel(transfer_->send);
  }
  try_end();
}

// Ends the connection once nothing is in flight.
template <io::proactor Proactor>
void connection<Proactor>::try_end() noexcept {
  if (!receive_.idle() || !timer_.idle()) return;
  if (exchange_ != nullptr) {
    if (!exchange_->send.idle() || !exchange_->loader.idle() || !exchange_->stream.idle()) return;
    release_exchange();
  }
  if (transfer_ != nullptr) {
    if (!transfer_->send.idle()) return;
    release_transfer();
  }
  release_pages();
  if (reset_) {
    proactor().abort(stream_);
  } else {
    proactor().close(stream_);
  }
  worker_.ended(*this);
}

template <io::proactor Proactor>
bool connection<Proactor>::acquire_exchange() noexcept {
  if (exchange_ != nullptr) return true;
  exchange_ = worker_.make_exchange();
  if (exchange_ == nullptr) return false;
  exchange_->position = in_.begin();
  exchange_->send.template bind<&connection::on_sent>(this);
  return true;
}

template <io::proactor Proactor>
void connection<Proactor>::release_exchange() noexcept {
  exchange_->release_held(shared());
  worker_.destroy_exchange(exchange_);
  exchange_ = nullptr;
}

// ---- Receive and parse
// -------------------------------------------------------------------------------

template <io::proactor Proactor>
void connection<Proactor>::on_received() noexcept {
  if (state_ == state::closing) return try_end();
  if (state_ == state::send) return;  // Given up after a time-out: 408 is on its way.
  if (state_ == state::linger && receive_.result() == io::error::canceled) return receive();
  if (receive_.result() == io::error::no_memory && shared().cache.shrink()) return receive();
  if (receive_.result() != io::error::none || receive_.transferred() == 0) return close();
  if (state_ == state::linger) return on_lingering_bytes();
  if (!acquire_exchange()) return abort();
  // When all bytes had been given back, the position lay in no page.
  if (exchange_->position.current_page() == nullptr) exchange_->position = in_.begin();
  process();
}

// Reads elements until a response has to be waited for or sent, or the bytes are used up.
template <io::proactor Proactor>
void connection<Proactor>::process() noexcept {
  exchange<Proactor>& ex = *exchange_;
  http::node<buffer::iterator> element;
  http::error why;
  while (!ex.close_after) {
    if (ex.out.room() < room_min || !ex.can_hold()) return flush();
    if (is_between_messages()) return ex.out.empty() ? go_idle() : flush();
    switch (read_behind_lines(element, why)) {
      case http::result::ok:
        if (!take(element)) return;
        break;
      case http::result::done:
        end_message();
        break;
      case http::result::need_more:
        return wait_for_more();
      case http::result::error:
        // Content that cannot be read to its end: the answer, which was made, is the last.
        if (!ex.head_complete) {
          // What is known of the line, for the answer and the log.
          if (element.type == http::node_type::request_line)
            (void)ex.collector.add_request_line(element);
          answer().refused(why);
        }
        ex.close_after = true;
        break;
    }
  }
  flush();
}

// Collects the lines of a head; the element behind them, or the line for which there is no memory.
template <io::proactor Proactor>
http::result connection<Proactor>::read_behind_lines(http::node<buffer::iterator>& element,
                                                     http::error& why) noexcept {
  exchange<Proactor>& ex = *exchange_;
  buffer::iterator at = ex.position;
  buffer::iterator const last = in_.end();
  // Of this loop alone, so that a field that nobody wants is never written to memory.
  http::node<buffer::iterator> next;
  http::result result;
  while ((result = ex.parser.parse(at, last, next, why)) == http::result::ok) {
    if (next.type == http::node_type::field) [[likely]] {
      if (!request_collector::may_want(next)) continue;
      element = next;
      if (!ex.collector.add_field(element)) break;
    } else {
      element = next;
      ex.in_message = true;
      if (element.type != http::node_type::request_line) break;
      if (!ex.collector.add_request_line(element)) break;
    }
  }
  if (result != http::result::ok) element = next;
  ex.position = at;
  return result;
}

// False when something has to be waited for.
template <io::proactor Proactor>
[[gnu::always_inline]] inline bool connection<Proactor>::take(
    http::node<buffer::iterator> const& element) noexcept {
  exchange<Proactor>& ex = *exchange_;
  switch (element.type) {
    case http::node_type::fields_end:
      ex.head_complete = true;
      ex.content_left = shared().configuration.body_max;
      return begin_answer();
    case http::node_type::content: {
      std::uint64_t const size = element.back_size;
      ex.close_after = ex.close_after || size > ex.content_left;
      ex.content_left -= std::min(size, ex.content_left);
      consume();
      return true;
    }
    case http::node_type::request_line:
    case http::node_type::field:
      answer().error(status::service_unavailable, "Memory is short.");
      return true;
    default:
      return true;  // A trailer: nothing here depends on one.
  }
}

// The bytes are used up: send what is ready, else wait.
template <io::proactor Proactor>
void connection<Proactor>::wait_for_more() noexcept {
  exchange<Proactor>& ex = *exchange_;
  if (ex.head_complete) consume();
  if (!ex.out.empty()) return flush();
  if (is_between_messages()) return go_idle();
  if (ex.head_complete) {
    if (state_ != state::content) set_deadline(&settings::body_timeout);
    move_to(state::content);
  } else {
    if (state_ != state::head) set_deadline(&settings::header_timeout);
    move_to(state::head);
  }
  receive();
}

template <io::proactor Proactor>
void connection<Proactor>::go_idle() noexcept {
  release_pages();
  exchange_->renew();
  worker_.keep_exchange(std::exchange(exchange_, nullptr));
  await_request();
}

// Nothing of the next request has come.
template <io::proactor Proactor>
void connection<Proactor>::await_request() noexcept {
  if (shared().draining) return close();
  move_to(state::idle);
  set_deadline(&settings::idle_timeout);
  receive();
}

// The request was read to its end.
template <io::proactor Proactor>
void connection<Proactor>::end_message() noexcept {
  exchange_->head_complete = exchange_->in_message = false;
  exchange_->collector.reset();
  consume();
}

// Gives back what was parsed. The texts of the request lie there: only when they are no longer
// needed.
template <io::proactor Proactor>
void connection<Proactor>::consume() noexcept {
  exchange<Proactor>& ex = *exchange_;
  in_.commit_read(static_cast<std::size_t>(ex.position - in_.begin()));
  while (page* const p = in_.pop_consumed()) shared().pool.release(p);
  ex.position = in_.begin();
}

template <io::proactor Proactor>
void connection<Proactor>::release_pages() noexcept {
  while (page* const p = in_.pop()) shared().pool.release(p);
}

// ---- Answer
// ------------------------------------------------------------------------------------------

// True when the answer is in the output, false when it has to be waited for.
template <io::proactor Proactor>
bool connection<Proactor>::begin_answer() noexcept {
  return proceed(answer().template start<callbacks>(this));
}

template <io::proactor Proactor>
void connection<Proactor>::on_loaded() noexcept {
  if (state_ == state::closing) return try_end();
  if (proceed(answer().template finish<callbacks>(this))) process();
}

template <io::proactor Proactor>
void connection<Proactor>::on_digested() noexcept {
  if (proceed(answer().template digested<callbacks>(this))) process();
}

template <io::proactor Proactor>
bool connection<Proactor>::proceed(answer_step step) noexcept {
  switch (step) {
    case answer_step::complete:
      return true;
    case answer_step::more:
      flush();
      return false;
    case answer_step::awaits_file:
      move_to(state::answer);
      break;
    case answer_step::awaits_chunk:
      move_to(state::send);
      break;
  }
  set_deadline(&settings::send_timeout);
  return false;
}

// ---- Send
// --------------------------------------------------------------------------------------------

template <io::proactor Proactor>
void connection<Proactor>::flush() noexcept {
  exchange<Proactor>& ex = *exchange_;
  auto& body = ex.file_body;
  if (ex.out.empty() && body.left() == 0) return ex.close_after ? linger() : process();
  move_to(state::send);
  set_deadline(&settings::send_timeout);
  if (body.left() == 0) return proactor().send(stream_, ex.send, ex.out.unsent());
  proactor().send(stream_, ex.send, ex.out.unsent(), body.file(), body.offset(), body.left());
}

template <io::proactor Proactor>
void connection<Proactor>::on_sent() noexcept {
  exchange<Proactor>& ex = *exchange_;
  if (state_ == state::closing) return try_end();
  if (ex.send.result() != io::error::none) return close();
  std::size_t const count = ex.send.transferred();
  auto const of_output = static_cast<std::size_t>(std::min<std::uint64_t>(count, ex.out.bytes()));
  ex.out.sent(of_output);
  ex.file_body.sent(count - of_output);
  if (!ex.out.empty()) return flush();
  // While what follows lies in a memory file, no page is held.
  ex.out.clear();
  if (ex.file_body.left() == 0) return batch_sent();
  if (!begin_transfer()) flush();
}

template <io::proactor Proactor>
void connection<Proactor>::on_chunk() noexcept {
  exchange<Proactor>& ex = *exchange_;
  if (state_ == state::closing) return try_end();
  if (!ex.send.idle()) return;  // on_sent() takes the chunk.
  if (ex.stream.failed()) return abort();
  ex.stream.send_into(ex.out);
  flush();
}

// A body, or a part of one, that is not kept in pages was sent.
template <io::proactor Proactor>
void connection<Proactor>::streamed(std::uint64_t bytes) noexcept {
  if (exchange_->parts.active()) {
    exchange_->parts.added(bytes);
  } else {
    answer().streamed(bytes);
  }
}

// All that was in the output is sent: the next part of a long body, or the next request.
template <io::proactor Proactor>
void connection<Proactor>::batch_sent() noexcept {
  exchange<Proactor>& ex = *exchange_;
  if (ex.rest.add_to(ex.out)) return flush();
  if (ex.stream.active()) {
    ex.stream.sent();
    if (ex.stream.failed()) return abort();
    if (ex.stream.ready()) {
      ex.stream.send_into(ex.out);
      return flush();
    }
    if (!ex.stream.finished()) return;  // on_chunk() goes on.
    streamed(ex.stream.taken());
    ex.stream.stop();
  }
  if (ex.file_body.active()) {
    streamed(ex.file_body.sent());
    ex.file_body.stop();
  }
  if (ex.parts.active()) {
    auto const step = answer().template next_part<callbacks>(this);
    return step == answer_step::awaits_chunk ? set_deadline(&settings::send_timeout) : flush();
  }
  ex.release_held(shared());
  if (ex.close_after) return linger();
  if (is_between_messages()) return go_idle();
  process();
}

// ---- Transfer
// ----------------------------------------------------------------------------------------

// What is left of the last response becomes a transfer; the exchange and all pages are given back.
// False when they are needed: for parts that follow, for what the client sent or has still to send.
template <io::proactor Proactor>
bool connection<Proactor>::begin_transfer() noexcept {
  exchange<Proactor>& ex = *exchange_;
  if (ex.parts.active() || ex.position != in_.end()) return false;
  std::unique_ptr<kept_record> logged;
  if (shared().log != nullptr && shared().log->wants_all()) {
    logged = kept_record::of(answer().streamed_record());
    if (logged == nullptr) return false;
  }
  if (ex.in_message) {
    http::node<buffer::iterator> element;
    http::error why;
    // No byte is left, so this is the end of the message, or it has content that is still to come.
    if (ex.parser.parse(ex.position, in_.end(), element, why) != http::result::done) return false;
    end_message();
  }
  representation<Proactor>& of = ex.take_last_held();
  assert(&of.memory == &ex.file_body.file());
  transfer_ = worker_.make_transfer(ex.file_body, of, std::move(logged), ex.close_after);
  if (transfer_ == nullptr) {
    ex.hold(of);
    return false;
  }
  transfer_->send.template bind<&connection::on_transferred>(this);
  release_pages();
  release_exchange();
  move_to(state::transfer);
  continue_transfer();
  return true;
}

template <io::proactor Proactor>
void connection<Proactor>::continue_transfer() noexcept {
  auto const& body = transfer_->body;
  set_deadline(&settings::send_timeout);
  proactor().send(stream_, transfer_->send, {}, body.file(), body.offset(), body.left());
}

template <io::proactor Proactor>
void connection<Proactor>::on_transferred() noexcept {
  transfer<Proactor>& t = *transfer_;
  if (state_ == state::closing) return try_end();
  if (t.send.result() != io::error::none) return close();
  t.body.sent(t.send.transferred());
  if (t.body.left() != 0) return continue_transfer();
  log_transfer();
  bool const close_after = t.close_after;
  release_transfer();
  close_after ? linger() : await_request();
}

// Once, when it has ended or is cut off.
template <io::proactor Proactor>
void connection<Proactor>::log_transfer() noexcept {
  if (auto const logged = std::move(transfer_->logged)) {
    shared().log->write(logged->with_bytes(transfer_->body.sent()));
  }
}

template <io::proactor Proactor>
void connection<Proactor>::release_transfer() noexcept {
  shared().cache.release(transfer_->held);
  worker_.destroy_transfer(transfer_);
  transfer_ = nullptr;
}

// ---- Time and the end
// --------------------------------------------------------------------------------

template <io::proactor Proactor>
void connection<Proactor>::on_timer() noexcept {
  switch (state_) {
    case state::closing:
      return try_end();
    case state::head:
      if (!receive_.idle()) proactor().cancel(receive_);
      answer().error(status::request_timeout, {});
      return flush();
    case state::answer:
      return set_deadline(&settings::send_timeout);  // Waiting for a disk.
    case state::send:
      if (exchange_->send.idle()) return set_deadline(&settings::send_timeout);  // The same.
      return abort();
    case state::transfer:
      return abort();
    case state::idle:
    case state::content:
    case state::linger:
      return close();
  }
}

// Our side is shut down; the client may have more on its way, which must not meet a closed socket:
// the reset would take the response away from it. RFC 9112, section 9.6.
template <io::proactor Proactor>
void connection<Proactor>::linger() noexcept {
  if (state_ != state::send && state_ != state::transfer) return close();
  move_to(state::linger);
  if (exchange_ != nullptr) release_exchange();
  release_pages();
  proactor().shutdown(stream_);
  set_deadline(linger_time);
  if (receive_.idle()) receive();
}

template <io::proactor Proactor>
void connection<Proactor>::on_lingering_bytes() noexcept {
  lingered_ += receive_.transferred();
  release_pages();
  if (lingered_ > linger_bytes_max) return close();
  receive();
}

}  // namespace quire::server
