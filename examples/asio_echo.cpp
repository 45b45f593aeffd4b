// The parser in a Boost.Asio program: a server that answers each request with what it understood.
//
//   asio_echo    listens on a free port of 127.0.0.1, which it writes to standard output
//
// The parser knows nothing of sockets and Asio nothing of HTTP: between them lies an array.
// Requests that come together are answered together, and content is passed on while it comes.
#include <quire/parser/parser.hpp>

#include <boost/asio.hpp>

#include <array>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

namespace asio = boost::asio;
namespace http = quire::http;
using asio::ip::tcp;

namespace {

class session : public std::enable_shared_from_this<session> {
 public:
  explicit session(tcp::socket socket) : socket_(std::move(socket)) {}

  void receive() {
    auto const free = static_cast<std::size_t>(memory_.end() - last_);
    socket_.async_read_some(asio::buffer(last_, free),
                            [self = shared_from_this()](auto failure, std::size_t n) {
                              if (!failure) self->received(n);
                            });
  }

 private:
  void received(std::size_t n) {
    last_ += n;
    read_elements();
    // What was not consumed goes to the front: the start of an element that is cut off.
    auto const left = static_cast<std::size_t>(last_ - first_);
    std::memmove(memory_.data(), first_, left);
    first_ = memory_.data();
    last_ = memory_.data() + left;
    if (answer_.empty()) {
      receive();
    } else {
      send();
    }
  }

  void read_elements() {
    http::node<char const*> n;
    http::error e;
    for (;;) {
      switch (parser_.parse(first_, last_, n, e)) {
        case http::result::ok:
          echo(n);
          break;
        case http::result::done:
          respond(200, "OK");
          break;
        case http::result::need_more:
          return;
        case http::result::error:
          text_ = std::string(e.message()) + " (" + std::string(e.section()) + ")\n";
          respond(e.status(), "Refused");
          open_ = false;
          return;
      }
      if (!open_) return;
    }
  }

  void echo(http::node<char const*> const& n) {
    for_each_part(n, [this](http::part_type type, std::string_view text) {
      text_.append(to_string(type)).append(" ").append(text).append("\n");
    });
  }

  void respond(unsigned status, char const* reason) {
    open_ = status == 200 && parser_.keep_alive() && !parser_.hands_over();
    answer_ += "HTTP/1.1 " + std::to_string(status) + ' ' + reason +
               "\r\nContent-Length: " + std::to_string(text_.size()) +
               (open_ ? "" : "\r\nConnection: close") + "\r\n\r\n";
    if (parser_.request_method() != http::method::head) answer_ += text_;
    text_.clear();
  }

  void send() {
    asio::async_write(socket_, asio::buffer(answer_),
                      [self = shared_from_this()](auto failure, std::size_t) {
                        self->answer_.clear();
                        if (!failure && self->open_) self->receive();
                      });
  }

  tcp::socket socket_;
  http::parser<char const*> parser_;
  std::array<char, 16384> memory_;  // As long as the longest field line.
  char const* first_ = memory_.data();
  char* last_ = memory_.data();
  std::string text_;    // What was understood of the request so far.
  std::string answer_;  // Responses that were not sent yet.
  bool open_ = true;
};

void accept(tcp::acceptor& acceptor) {
  acceptor.async_accept([&acceptor](auto failure, tcp::socket socket) {
    if (!failure) std::make_shared<session>(std::move(socket))->receive();
    accept(acceptor);
  });
}

}  // namespace

int main() {
  asio::io_context io;
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  std::printf("%d\n", int{acceptor.local_endpoint().port()});
  std::fflush(stdout);
  accept(acceptor);
  io.run();
}
