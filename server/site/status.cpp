#include <quire/server/site/status.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace quire::server {
namespace {

// Without the line end.
constexpr std::string_view lines[] = {
    "HTTP/1.1 100 Continue",
    "HTTP/1.1 101 Switching Protocols",
    "HTTP/1.1 200 OK",
    "HTTP/1.1 204 No Content",
    "HTTP/1.1 206 Partial Content",
    "HTTP/1.1 301 Moved Permanently",
    "HTTP/1.1 302 Found",
    "HTTP/1.1 303 See Other",
    "HTTP/1.1 304 Not Modified",
    "HTTP/1.1 307 Temporary Redirect",
    "HTTP/1.1 308 Permanent Redirect",
    "HTTP/1.1 400 Bad Request",
    "HTTP/1.1 401 Unauthorized",
    "HTTP/1.1 403 Forbidden",
    "HTTP/1.1 404 Not Found",
    "HTTP/1.1 405 Method Not Allowed",
    "HTTP/1.1 406 Not Acceptable",
    "HTTP/1.1 408 Request Timeout",
    "HTTP/1.1 410 Gone",
    "HTTP/1.1 411 Length Required",
    "HTTP/1.1 412 Precondition Failed",
    "HTTP/1.1 413 Content Too Large",
    "HTTP/1.1 414 URI Too Long",
    "HTTP/1.1 416 Range Not Satisfiable",
    "HTTP/1.1 417 Expectation Failed",
    "HTTP/1.1 421 Misdirected Request",
    "HTTP/1.1 426 Upgrade Required",
    "HTTP/1.1 429 Too Many Requests",
    "HTTP/1.1 431 Request Header Fields Too Large",
    "HTTP/1.1 500 Internal Server Error",
    "HTTP/1.1 501 Not Implemented",
    "HTTP/1.1 502 Bad Gateway",
    "HTTP/1.1 503 Service Unavailable",
    "HTTP/1.1 504 Gateway Timeout",
    "HTTP/1.1 505 HTTP Version Not Supported",
    "HTTP/1.1 507 Insufficient Storage",
};

constexpr std::size_t code_at = std::string_view("HTTP/1.1 ").size();
constexpr std::size_t phrase_at = std::string_view("HTTP/1.1 200 ").size();

constexpr int code_of(std::string_view line) noexcept {
  int code = 0;
  for (char const digit : line.substr(code_at, 3)) code = code * 10 + (digit - '0');
  return code;
}

// The number in `lines` of each code from 100 on, and 1 more; 0: it has none.
constexpr auto numbers = [] {
  std::array<std::uint8_t, 500> table{};
  for (std::size_t i = 0; i != std::size(lines); ++i) {
    table[static_cast<std::size_t>(code_of(lines[i])) - 100] = static_cast<std::uint8_t>(i + 1);
  }
  return table;
}();

}  // namespace

std::string_view status_line(status s) noexcept {
  std::size_t const index = static_cast<std::size_t>(code(s)) - 100;
  std::size_t const number = index < numbers.size() ? numbers[index] : 0;
  return number != 0 ? lines[number - 1] : std::string_view{};
}

std::string_view reason_phrase(status s) noexcept {
  std::string_view const line = status_line(s);
  return line.empty() ? line : line.substr(phrase_at);
}

}  // namespace quire::server
