// A socket that listens, and the connections that the system accepts on it before anybody asks.
//
// 32 requests are outstanding, each with a socket to become the connection. One that has come goes
// to the listener whose turn it is among those that wait for one; when none does, it stays here,
// and its request is not renewed until it is taken. So several loops share one port, which on
// Windows only one completion port can listen at, and no busy loop keeps a connection from an idle
// one.
//
// The members are called by the loops of the listeners; came() by whoever reads the completion
// port. A lock guards all. Memory is taken at construction.
#pragma once

#include <quire/io/endpoint.hpp>
#include <quire/io/error.hpp>
#include <quire/io/iocp/port.hpp>
#include <quire/io/iocp/socket.hpp>
#include <quire/io/iocp/stream.hpp>
#include <quire/io/proactor.hpp>
#include <quire/io/ready_list.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <vector>

namespace quire::io::iocp {

class acceptor {
 public:
  // How accepts that completions of the port bring reach their owners.
  enum class delivery : bool {
    ready,  // By the list that came() is given: the port is that of the listener's loop.
    posted  // By a packet to the port of the listener's loop.
  };

  acceptor(port& p, delivery d) noexcept : port_(p), delivery_(d) {}
  acceptor(acceptor const&) = delete;
  acceptor& operator=(acceptor const&) = delete;

  [[nodiscard]] error open(endpoint const& where, listen_options const& how) noexcept;
  endpoint where() const noexcept { return where_; }
  bool is_shared() const noexcept { return delivery_ == delivery::posted; }

  // Errors: no_memory.
  [[nodiscard]] error add(listener& l) noexcept;
  // True when it was the last: then close() comes next. Requires: none of its accepts waits.
  [[nodiscard]] bool remove(listener& l) noexcept;

  // The operation waits, or is ready at once.
  void accept(listener& l, accept_operation& op, ready_list& ready) noexcept;
  // True when the operation waited and does no longer.
  [[nodiscard]] bool cancel(accept_operation& op) noexcept;

  // Nobody listens any more. The requests that are outstanding still come.
  void close() noexcept;
  // A packet with source::acceptor has come.
  static acceptor& owner(void* subject) noexcept;
  void came(void* subject, ready_list& ready) noexcept;
  // Closed, and nothing is outstanding: it may be destroyed.
  bool finished() noexcept;

 private:
  // An address as the system writes it, and what it wants besides.
  static constexpr std::size_t address_size = 28 + 16;
  static constexpr std::size_t slots_max = 32;

  // A request to accept, idle, outstanding, or with a connection that nobody has asked for.
  struct slot : overlapped {
    acceptor* owner = nullptr;
    slot* next = nullptr;  // Of the idle ones, or of those with a connection.
    owned_socket socket;
    std::array<std::byte, 2 * address_size> addresses;
  };

  error start(slot& s) noexcept;
  error start_idle() noexcept;
  void settle(slot& s, ready_list& ready) noexcept;
  void keep(slot& s) noexcept;
  void renew(slot& s) noexcept;
  accept_operation* next_waiting() noexcept;
  void hand_over(slot& s, accept_operation& op) noexcept;
  void deliver(accept_operation& op, error e, ready_list& ready) noexcept;
  void fail_waiting(error e, ready_list& ready) noexcept;

  port& port_;
  delivery const delivery_;
  bool no_delay_ = true;
  endpoint where_;

  std::mutex mutex_;
  owned_socket listening_;
  std::vector<listener*> members_;
  std::size_t turn_ = 0;  // The member that is asked first.
  std::size_t outstanding_ = 0;
  slot* idle_ = nullptr;
  slot* accepted_front_ = nullptr;
  slot* accepted_back_ = nullptr;
  std::array<slot, slots_max> slots_;
};

}  // namespace quire::io::iocp
