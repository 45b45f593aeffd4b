// The states of a connection and the transitions between them, as data.
//
//   idle ──bytes──▶ head ──end of the field section──▶ answer ──▶ content ──end──▶ send ──▶ idle
//
// `answer` looks for the file and builds the response, `content` throws away what the client sends,
// `send` puts the gathered responses on the connection. What is left then of a body in a memory
// file leaves in `transfer`, with nothing else kept, when the request has ended and no other has
// begun. A response that ends the connection goes on to `linger`, where what the client still sends
// is read so that no reset overtakes the response (RFC 9112, section 9.6), and to `closing`, which
// waits for what is in flight.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::server {

enum class connection_state : std::uint8_t {
  idle,      // Nothing of a request has come: no exchange, no page.
  head,      // A request line or field section is incomplete.
  answer,    // The response is being made: a file is opened or read.
  content,   // The content of an answered request is incomplete.
  send,      // Responses are being sent.
  transfer,  // The rest of a body in a memory file is being sent: no exchange, no page.
  linger,    // The last response was sent and our side shut down.
  closing,   // Waiting for operations in flight; then the connection ends.
};

inline constexpr std::size_t connection_state_count = 8;

inline constexpr std::array<std::string_view, connection_state_count> connection_state_names = {
    "idle", "head", "answer", "content", "send", "transfer", "linger", "closing"};

// Row: from. Column: to.
inline constexpr std::array<std::array<bool, connection_state_count>, connection_state_count>
    connection_transitions = {{
        // idle   head   answer content send transfer linger closing
        {false, true, true, false, true, false, false, true},      // idle
        {true, false, true, false, true, false, false, true},      // head
        {false, false, false, true, true, false, false, true},     // answer
        {true, true, true, false, true, false, false, true},       // content
        {true, true, true, true, false, true, true, true},         // send
        {true, false, false, false, false, false, true, true},     // transfer
        {false, false, false, false, false, false, false, true},   // linger
        {false, false, false, false, false, false, false, false},  // closing
    }};

constexpr bool may_follow(connection_state from, connection_state to) noexcept {
  return connection_transitions[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)];
}

}  // namespace quire::server
