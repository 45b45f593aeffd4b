// What the code in docs/parser.md takes for granted of the program around it.
#include <quire_parser.hpp>

#include <array>
#include <cstdio>
#include <cstring>
#include <iterator>
#include <span>
#include <string_view>
#include <utility>

namespace http = quire::http;

// A peer that sends two requests in pieces of a few octets.
struct connection {
  static constexpr std::string_view sent =
      "GET /a HTTP/1.1\r\nHost: example.org\r\n\r\n"
      "PUT /b HTTP/1.1\r\nHost: example.org\r\nConnection: close\r\nContent-Length: 2\r\n\r\nok";

  // Octets that were not consumed move to the front, more come behind them.
  bool receive() {
    if (position == sent.size()) return false;
    auto const left = static_cast<std::size_t>(last - first);
    std::memmove(memory.data(), first, left);
    std::size_t const n = sent.copy(memory.data() + left, 5, position);
    position += n;
    first = memory.data();
    last = first + left + n;
    return true;
  }

  std::array<char, 64> memory;
  char const* first = memory.data();
  char const* last = memory.data();
  std::size_t position = 0;
};

inline void use(std::string_view what, std::string_view text) {
  std::printf("%.*s %.*s\n", static_cast<int>(what.size()), what.data(),
              static_cast<int>(text.size()), text.data());
}
inline void respond(bool keep_alive) {
  std::printf("done%s\n", keep_alive ? "" : ", close");
}
inline void refuse(http::error const& e) {
  std::printf("%s\n", e.name().data());
}

struct handlers {
  void on_url(std::string_view) {}
  void on_header_field(std::string_view) {}
  void on_header_value(std::string_view) {}
  void on_headers_complete() {}
  void on_body(std::string_view) {}
  void on_message_complete() {}
};
