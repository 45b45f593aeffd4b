#include "tests/simulation/visitor.hpp"

#include <array>
#include <chrono>
#include <cstdlib>

namespace quire::simulation {
namespace {

// The value of a field in a head; empty when there is none.
std::string_view field(std::string_view head, std::string_view name) {
  std::string const start = "\r\n" + std::string(name) + ": ";
  std::size_t const at = head.find(start);
  if (at == std::string_view::npos) return {};
  std::string_view const rest = head.substr(at + start.size());
  return rest.substr(0, rest.find("\r\n"));
}

std::uint64_t number(std::string_view text) {
  return std::strtoull(std::string(text).c_str(), nullptr, 10);
}

}  // namespace

visitor::visitor(io::sim::proactor& p, page_pool& pool, site_model const& site, std::uint64_t seed)
    : proactor_(p), pool_(pool), site_(site), random_(seed) {
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
  using what = question::what;
  for (std::uint64_t n = 1 + random_.below(3); n != 0 && questions_left_ != 0; --n) {
    --questions_left_;
    question q;
    q.path = site_.path(random_);
    q.is = static_cast<what>(random_.below(6));
    if (q.is == what::bad && random_.below(3) != 0) q.is = what::get;
    std::string const rest = " HTTP/1.1\r\nHost: sim\r\n";
    switch (q.is) {
      case what::get:
        to_send_ += "GET " + q.path + rest + "\r\n";
        break;
      case what::head:
        to_send_ += "HEAD " + q.path + rest + "\r\n";
        break;
      case what::range:
        q.first = random_.below(600);
        q.last = q.first + random_.below(200'000);
        to_send_ += "GET " + q.path + rest + "Range: bytes=" + std::to_string(q.first) + "-" +
                    std::to_string(q.last) + "\r\n\r\n";
        break;
      case what::conditional:
        to_send_ += "GET " + q.path + rest + "If-None-Match: *\r\n\r\n";
        break;
      case what::post: {
        std::string const content(random_.below(9000), 'p');
        to_send_ += "POST " + q.path + rest + "Content-Length: " + std::to_string(content.size()) +
                    "\r\n\r\n" + content;
        break;
      }
      case what::bad:
        to_send_ += "GET " + q.path + rest + "Bad Field: x\r\n\r\n";
        questions_left_ = 0;
        last_asked_ = true;
        break;
    }
    questions_.push_back(q);
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
  using what = question::what;
  if (received_.empty()) return false;
  std::size_t const end_of_head = received_.find("\r\n\r\n");
  if (end_of_head == std::string::npos) return false;
  std::string const head = received_.substr(0, end_of_head + 2);
  // Whatever comes unasked is an error page for a time-out.
  question const q = questions_.empty() ? question{what::bad, "/", 0, 0} : questions_.front();
  auto const status = static_cast<unsigned>(number(std::string_view(head).substr(9, 3)));
  bool const bodiless = q.is == what::head || status == 304 || status == 204;
  std::uint64_t const length = number(field(head, "Content-Length"));
  std::uint64_t const expected = bodiless ? 0 : length;
  std::string_view const content = std::string_view(received_).substr(end_of_head + 4);
  bool const whole = content.size() >= expected;
  check(q, status, head, content.substr(0, expected), whole, length);
  if (!whole) return false;
  received_.erase(0, end_of_head + 4 + expected);
  if (!questions_.empty()) questions_.pop_front();
  if (field(head, "Connection") == "close") last_asked_ = true;
  // Whoever is refused before the request was read gets a page, HEAD or not.
  bool const refused = status == 503 || status == 408;
  if (field(head, "Connection") == "close" && !received_.empty() && !refused) {
    complain("bytes behind the last answer", q, head);
  }
  return true;
}

bool visitor::check(question const& q, unsigned status, std::string_view head,
                    std::string_view content, bool whole, std::uint64_t length) {
  using what = question::what;
  if (!head.starts_with("HTTP/1.1 ") || field(head, "Date").size() != 29) {
    complain("no head", q, head);
    return false;
  }
  bool right = false;
  switch (status) {
    case 200:
      right = q.is != what::bad && q.is != what::post && q.is != what::conditional &&
              (q.is == what::head ? content.empty() : site_.is_beginning(q.path, content, length));
      break;
    case 206: {
      std::uint64_t const total =
          number(field(head, "Content-Range").substr(field(head, "Content-Range").find('/') + 1));
      right = q.is == what::range && length == std::min(q.last, total - 1) - q.first + 1 &&
              site_.is_part(q.path, content, q.first, total);
      break;
    }
    case 304:
      right = q.is == what::conditional;
      break;
    case 404:
      right = true;
      break;  // A file can be gone for a while.
    case 405:
      right = q.is == what::post && field(head, "Allow") == "GET, HEAD, OPTIONS";
      break;
    case 400:
      right = q.is == what::bad;
      break;
    case 408:
      right = true;
      break;
    case 416:
      right = q.is == what::range;
      break;
    // Devices fail, memory and descriptors run out, files change all the time.
    case 500:
    case 503:
      right = true;
      break;
    default:
      break;
  }
  if (!right) complain(whole ? "a wrong answer" : "a wrong beginning", q, head);
  return right;
}

void visitor::complain(std::string_view what, question const& q, std::string_view head) {
  constexpr std::array<std::string_view, 6> names = {"get",         "head", "range",
                                                     "conditional", "post", "bad"};
  complaint_ = std::string(what) + " to " + std::string(names[static_cast<std::size_t>(q.is)]) +
               " of " + q.path + ":\n" + std::string(head);
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
