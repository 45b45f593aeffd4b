// Owns a socket while it is being set up.
//
// A socket that AcceptEx or ConnectEx connects must be told afterwards that it is connected (its
// context is updated); before that, it knows no peer and cannot be shut down. Not every system that
// programs for Windows run on is so strict, so it is asserted here.
#pragma once

#include <quire/io/windows/handle.hpp>

#include <cassert>
#include <utility>

namespace quire::io::iocp {

class owned_socket {
 public:
  owned_socket() = default;
  explicit owned_socket(nt::socket_handle s) noexcept : socket_(s) {}
  ~owned_socket() { reset(); }
  owned_socket(owned_socket&& other) noexcept
      : socket_(std::exchange(other.socket_, nt::no_socket)), has_context_(other.has_context_) {}
  owned_socket& operator=(owned_socket&& other) noexcept {
    reset(std::exchange(other.socket_, nt::no_socket));
    has_context_ = other.has_context_;
    return *this;
  }

  explicit operator bool() const noexcept { return socket_ != nt::no_socket; }
  nt::socket_handle get() const noexcept { return socket_; }
  // Requires: its context is up to date.
  [[nodiscard]] nt::socket_handle release() noexcept {
    assert(has_context_);
    return std::exchange(socket_, nt::no_socket);
  }
  // Closes it, and owns another one.
  void reset(nt::socket_handle s = nt::no_socket) noexcept;

  // A call that connects it has been started; its context is up to date again.
  void lose_context() noexcept { has_context_ = false; }
  void gain_context() noexcept { has_context_ = true; }

 private:
  nt::socket_handle socket_ = nt::no_socket;
  bool has_context_ = true;
};

}  // namespace quire::io::iocp
