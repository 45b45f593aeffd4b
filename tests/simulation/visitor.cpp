#include "tests/simulation/visitor.hpp"

#include <chrono>

namespace quire::simulation {

visitor::visitor(io::sim::proactor& p, page_pool& pool, site_model const& site, tag_ledger& ledger,
                 std::uint64_t seed)
    : proactor_(p), pool_(pool), site_(site), ledger_(ledger), random_(seed) {
  connect_.bind<&visitor::on_connected>(this);
  send_.bind<&visitor::on_sent>(this);
  receive_.bind<&visitor::on_received>(this);
  pause_.bind<&visitor::on_pause_over>(this);
  questions_left_ = 1 + random_.below(8);
  leaves_early_ = random_.below(8) == 0;
}

void visitor::connect(io::endpoint const& server) {
  proactor_.connect(stream_, server, connect_);
}

bool visitor::done() const noexcept {
  return !stream_.is_open() && connect_.idle() && send_.idle() && receive_.idle() && pause_.idle();
}

void visitor::on_connected() noexcept {
  if (connect_.result() != io::error::none) return;
  if (ending_) return end();
  ask_something();
  send();
  receive();
}

// One request, or several at once, sometimes with something wrong in it.
void visitor::ask_something() {
  for (std::uint64_t n = 1 + random_.below(3); n != 0 && questions_left_ != 0; --n) {
    --questions_left_;
    questions_.push_back(question::at_random(random_, site_, ledger_));
    to_send_ += questions_.back().text();
    if (questions_.back().is != question::what::bad) continue;
    questions_left_ = 0;
    last_asked_ = true;
  }
}

void visitor::send() noexcept {
  if (ending_ || !send_.idle() || sent_ == to_send_.size()) return;
  // Requests come in pieces of any size.
  std::size_t const left = to_send_.size() - sent_;
  span_ = {to_send_.data() + sent_, random_.below(3) == 0 ? 1 + random_.below(left) : left};
  proactor_.send(stream_, send_, {&span_, 1});
}

void visitor::receive() noexcept {
  if (!ending_ && receive_.idle()) proactor_.receive(stream_, receive_, in_);
}

void visitor::on_sent() noexcept {
  if (ending_) return end();
  if (send_.result() != io::error::none) return;  // What was answered before may still come.
  sent_ += send_.transferred();
  if (leaves_early_ && random_.below(4) == 0) return end();
  send();
}

void visitor::on_received() noexcept {
  if (ending_) return end();
  if (receive_.result() == io::error::no_memory) return receive();
  for (auto run = in_.pages_begin(); run != in_.pages_end(); ++run) {
    received_.append((*run).data, (*run).size);
  }
  while (page* const p = in_.pop()) pool_.release(p);
  bool const over = receive_.result() != io::error::none || receive_.transferred() == 0;
  read_answers();
  if (over || !complaint_.empty()) return end();
  if (random_.below(6) == 0) {
    // A slow reader.
    proactor_.schedule(pause_, proactor_.now() + std::chrono::milliseconds(random_.below(400)));
    return;
  }
  on_pause_over();
}

void visitor::on_pause_over() noexcept {
  if (ending_) return end();
  if (questions_.empty() && send_.idle()) {
    if (questions_left_ == 0 && !last_asked_) return end();
    // What was sent may be moved only when nothing is being sent.
    to_send_.clear();
    sent_ = 0;
    ask_something();
    send();
  }
  receive();
}

void visitor::read_answers() {
  while (complaint_.empty() && read_answer()) ++answers_;
}

// False when no whole answer is there.
bool visitor::read_answer() {
  if (received_.empty()) return false;
  std::size_t const end_of_head = received_.find("\r\n\r\n");
  if (end_of_head == std::string::npos) return false;
  std::string const head = received_.substr(0, end_of_head + 2);
  // Whatever comes unasked is an error page for a time-out.
  question const q = questions_.empty() ? question() : questions_.front();
  answer a;
  a.head = head;
  a.status = static_cast<unsigned>(number(a.head.substr(9, 3)));
  a.length = number(field(head, "Content-Length"));
  bool const bodiless = q.is == question::what::head || a.status == 304 || a.status == 204;
  std::uint64_t const expected = bodiless ? 0 : a.length;
  std::string_view const rest = std::string_view(received_).substr(end_of_head + 4);
  a.content = rest.substr(0, expected);
  a.whole = rest.size() >= expected;
  if (!is_right(a, q, site_, ledger_)) {
    complain(a.whole ? "a wrong answer" : "a wrong beginning", q, head);
  }
  if (!a.whole) return false;
  if (field(head, "Content-Encoding") == "gzip") ++encoded_answers_;
  if (!field(head, "Repr-Digest").empty()) ++digests_;
  received_.erase(0, end_of_head + 4 + expected);
  if (!questions_.empty()) questions_.pop_front();
  if (field(head, "Connection") == "close") last_asked_ = true;
  // Whoever is refused before the request was read gets a page, HEAD or not.
  bool const refused = a.status == 503 || a.status == 408;
  if (field(head, "Connection") == "close" && !received_.empty() && !refused) {
    complain("bytes behind the last answer", q, head);
  }
  return true;
}

void visitor::complain(std::string_view what, question const& q, std::string_view head) {
  complaint_ = std::string(what) + " to " + std::string(q.name()) + " of " + q.path + ":\n" +
               q.text().substr(0, 400) + std::string(head);
}

void visitor::give_up() noexcept {
  end();
}

void visitor::end() noexcept {
  ending_ = true;
  proactor_.cancel(connect_);
  proactor_.cancel(send_);
  proactor_.cancel(receive_);
  proactor_.cancel(pause_);
  if (!stream_.is_open() || !connect_.idle() || !send_.idle() || !receive_.idle()) return;
  while (page* const p = in_.pop()) pool_.release(p);
  if (random_.below(2) == 0) {
    proactor_.close(stream_);
  } else {
    proactor_.abort(stream_);
  }
}

}  // namespace quire::simulation
