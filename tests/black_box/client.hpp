// A client that speaks bytes: sends whatever a test wants, in the pieces that it wants, and reads
// one response after the other by their framing. Every wait ends after `patience` with an
// exception.
#pragma once

#include "tests/black_box/response.hpp"
#include "tests/black_box/server.hpp"

#include <chrono>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace quire::test {

// How a connection ended.
enum class ending { closed, reset };

class client {
 public:
  // `receive_buffer` bounds what the system takes in before the test reads; 0: as it likes.
  explicit client(address const& where, int receive_buffer = 0);
  explicit client(server const& s, int receive_buffer = 0) : client(s.where(), receive_buffer) {}
  ~client();
  client(client&& other) noexcept;
  client& operator=(client&&) = delete;

  // Sends all of it. A connection that the server has closed is no failure: what it has answered
  // counts.
  void send(std::string_view bytes);
  // In pieces of so many bytes, each in a segment of its own as far as the system allows.
  void send_in_pieces(std::string_view bytes, std::size_t piece);
  // Says that no more will come.
  void shut_down();
  // Closes, so that the server sees a reset.
  void reset();

  // The next final response. `answers_head`: it has no content whatever its fields say.
  response read(bool answers_head = false);
  // One with 1xx, too.
  response read_any(bool answers_head = false);
  // Waits so long for anything to happen: true when there are bytes to read, or the connection has
  // ended.
  bool ended_or_answered(std::chrono::milliseconds wait) const;
  // So many bytes, or fewer when the connection ends.
  std::string read_bytes(std::size_t n);
  // Reads to the end of the connection; what came is added to `rest` if there is one.
  ending read_to_end(std::string* rest = nullptr);
  // All responses up to the end.
  std::vector<response> read_all();

 private:
  bool fill();

  int socket_ = -1;
  std::string pending_;
  ending ending_ = ending::closed;
};

// A request with a Host field; `fields` are whole field lines, each with its CR LF.
std::string request(std::string_view method, std::string_view target, std::string_view fields = {});
inline std::string get(std::string_view target, std::string_view fields = {}) {
  return request("GET", target, fields);
}
// The field line, with its CR LF.
inline std::string accept_encoding(std::string_view codings) {
  return std::string("Accept-Encoding: ").append(codings).append("\r\n");
}

// Asks on a connection of its own.
response ask(server const& s, std::string_view request_bytes);
inline response fetch(server const& s, std::string_view target, std::string_view fields = {}) {
  return ask(s, get(target, fields));
}

// True when nobody listens there any more.
bool refuses_connections(address const& where);

}  // namespace quire::test
