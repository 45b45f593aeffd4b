// A client that fetches a page over a plain POSIX socket: one request, one response.
//
//   fetch HOST PORT PATH    writes the content to standard output, the head to standard error
//
// The parser is told which request the response answers, finds out where the content ends, and
// hands it out while it comes, so that a page of any size needs the same small memory.
#include <quire/parser/parser.hpp>

#include <netdb.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cstdio>
#include <cstring>
#include <string>
#include <string_view>

namespace http = quire::http;

namespace {

// A connection to the first address of the host that answers; -1 if none does.
int connect_to(char const* host, char const* port) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  if (getaddrinfo(host, port, &hints, &found) != 0) return -1;
  int s = -1;
  for (addrinfo const* at = found; at != nullptr && s < 0; at = at->ai_next) {
    s = socket(at->ai_family, at->ai_socktype, at->ai_protocol);
    if (s >= 0 && connect(s, at->ai_addr, at->ai_addrlen) != 0) {
      close(s);
      s = -1;
    }
  }
  freeaddrinfo(found);
  return s;
}

bool send_all(int s, std::string const& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    ssize_t const n = send(s, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (n <= 0) return false;
    sent += static_cast<std::size_t>(n);
  }
  return true;
}

void write_text(std::string_view text, std::FILE* to) {
  std::fwrite(text.data(), 1, text.size(), to);
}

void write_element(http::node<char const*> const& n) {
  switch (n.type) {
    case http::node_type::status_line:
      write_text(n.version(), stderr);
      write_text(" ", stderr);
      write_text(n.status(), stderr);
      write_text(" ", stderr);
      write_text(n.reason(), stderr);
      break;
    case http::node_type::field:
    case http::node_type::trailer:
      write_text(n.name(), stderr);
      write_text(": ", stderr);
      write_text(n.value(), stderr);
      break;
    case http::node_type::content:
      return write_text(n.content(), stdout);
    default:
      break;
  }
  write_text("\n", stderr);
}

// What is known after parse(): go on, or an exit code.
enum class progress { go_on, done, failed };

progress write_response(http::parser<char const*>& parser, char const*& first, char const* last) {
  http::node<char const*> n;
  http::error e;
  for (;;) {
    switch (parser.parse(first, last, n, e)) {
      case http::result::ok:
        write_element(n);
        break;
      case http::result::done:
        if (parser.status() / 100 != 1) return progress::done;
        break;  // An interim response: the one that counts follows.
      case http::result::need_more:
        return progress::go_on;
      case http::result::error:
        std::fprintf(stderr, "fetch: octet %llu: %s\n", static_cast<unsigned long long>(e.offset),
                     e.message().data());
        return progress::failed;
    }
  }
}

int receive_response(int connection) {
  http::parser<char const*> parser{http::response_to{http::method::get}};
  std::array<char, 16384> memory;  // As long as the longest field line.
  char const* first = memory.data();
  char* last = memory.data();
  for (;;) {
    ssize_t const n = recv(connection, last, static_cast<std::size_t>(memory.end() - last), 0);
    if (n < 0) return 1;
    if (n == 0) {
      http::node<char const*> end;
      http::error e;
      bool const whole = parser.finish(first, last, end, e) == http::result::done;
      return whole && end.type == http::node_type::end ? 0 : 1;
    }
    last += n;
    progress const outcome = write_response(parser, first, last);
    if (outcome != progress::go_on) return outcome == progress::done ? 0 : 1;
    // What was not consumed goes to the front: the start of an element that is cut off.
    auto const left = static_cast<std::size_t>(last - first);
    std::memmove(memory.data(), first, left);
    first = memory.data();
    last = memory.data() + left;
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fprintf(stderr, "usage: fetch HOST PORT PATH\n");
    return 2;
  }
  int const s = connect_to(argv[1], argv[2]);
  if (s < 0) {
    std::fprintf(stderr, "fetch: cannot connect to %s, port %s\n", argv[1], argv[2]);
    return 1;
  }
  std::string const request = std::string("GET ") + argv[3] + " HTTP/1.1\r\nHost: " + argv[1] +
                              "\r\nConnection: close\r\n\r\n";
  int const code = send_all(s, request) ? receive_response(s) : 1;
  close(s);
  return code;
}
