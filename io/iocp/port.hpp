// A completion port: where the system reports what it has carried out, and where threads hand work
// to a loop.
//
// Packets come in the order of the port, many for one call. take() is for the strict mode of tests:
// it looks whether a request that is pending has completed meanwhile.
#pragma once

#include <quire/io/error.hpp>
#include <quire/io/windows/handle.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>

namespace quire::io::iocp {

// OVERLAPPED: what the system must find at a fixed address while it carries out a request.
struct overlapped {
  std::uintptr_t system_status = 0;  // An NTSTATUS.
  std::uintptr_t system_count = 0;   // Bytes.
  std::uint32_t offset_low = 0;      // Of a file.
  std::uint32_t offset_high = 0;
  nt::handle event = nullptr;
};

// Whom a packet is for: the key that a handle was added with, or that was posted.
enum class source : std::uintptr_t { request, acceptor, accepted, wake };

// OVERLAPPED_ENTRY.
struct packet {
  source key;
  void* subject;  // The overlapped of a request; else what was posted.
  std::uintptr_t reserved;
  std::uint32_t count;  // Bytes.
};

class port {
 public:
  port() = default;
  ~port();
  port(port const&) = delete;
  port& operator=(port const&) = delete;

  [[nodiscard]] error open() noexcept;

  // What is carried out on the handle is reported here from now on.
  [[nodiscard]] error add(nt::handle h, source key) noexcept;
  // The same; and what succeeds at once is not reported, where `skips` says so: the call that
  // started it has told already.
  [[nodiscard]] error add(nt::handle h, source key, bool& skips) noexcept;

  // A packet to this port, from any thread. Waits when the system is short of memory.
  void post(source key, void* subject, std::uint32_t count = 0) noexcept;

  // Waits until there is a packet, at most this long, rounded up to milliseconds.
  void wait(std::chrono::nanoseconds time_max) noexcept;
  // The packets that wait() has found, oldest first; false when there is none left.
  [[nodiscard]] bool next(packet& out) noexcept;

  // True, and the packet taken out, when this request's packet is here already.
  [[nodiscard]] bool take(overlapped const& request, packet& out) noexcept;

 private:
  void fetch(std::uint32_t milliseconds) noexcept;

  nt::handle port_ = nullptr;
  std::size_t first_ = 0;
  std::size_t end_ = 0;
  std::array<packet, 256> packets_;
};

}  // namespace quire::io::iocp
