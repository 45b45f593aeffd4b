// What the 64 bits mean that the kernel gives back with each completion: the address of an
// operation, or, in the low bits that addresses leave free, that it is something else.
#pragma once

#include <quire/io/ready_list.hpp>

#include <cstdint>

namespace quire::io::uring {

enum class tagged : std::uint64_t { operation, accept, receive, wake, nothing };

// In the operation's flags while it is with the kernel.
// `receive` waits for its reception, `readable` for the socket.
enum class kind : std::uint8_t { receive, readable, send, send_part, connect, read };
// Beside it: cancel() was called.
inline constexpr std::uint8_t canceling = 0x80;

inline kind kind_of(operation& op) noexcept {
  return static_cast<kind>(operation_access::flags(op) & ~canceling);
}
inline void submit(operation& op, kind k) noexcept {
  operation_access::submit(op);
  operation_access::flags(op) = static_cast<std::uint8_t>(k);
}
inline bool is_canceling(operation& op) noexcept {
  return (operation_access::flags(op) & canceling) != 0;
}

inline constexpr unsigned tag_bits = 3;
static_assert(alignof(operation) >= 1u << tag_bits);

inline std::uint64_t tag(tagged t, std::uint64_t number = 0) noexcept {
  return number << tag_bits | static_cast<std::uint64_t>(t);
}
inline std::uint64_t tag(operation& op) noexcept {
  return reinterpret_cast<std::uint64_t>(&op);
}

inline tagged tag_of(std::uint64_t data) noexcept {
  return static_cast<tagged>(data & ((1u << tag_bits) - 1));
}
inline std::uint64_t number_of(std::uint64_t data) noexcept {
  return data >> tag_bits;
}
inline operation& operation_of(std::uint64_t data) noexcept {
  return *reinterpret_cast<operation*>(data);
}

}  // namespace quire::io::uring
