// Owns a file descriptor while it is being set up.
#pragma once

#include <unistd.h>

#include <utility>

namespace quire::io::posix {

class descriptor {
 public:
  descriptor() = default;
  // -1 owns nothing.
  explicit descriptor(int number) noexcept : number_(number) {}
  ~descriptor() { reset(); }
  descriptor(descriptor&& other) noexcept : number_(other.release()) {}
  descriptor& operator=(descriptor&& other) noexcept {
    reset(other.release());
    return *this;
  }

  explicit operator bool() const noexcept { return number_ >= 0; }
  int get() const noexcept { return number_; }
  [[nodiscard]] int release() noexcept { return std::exchange(number_, -1); }
  void reset(int number = -1) noexcept {
    if (number_ >= 0) ::close(number_);
    number_ = number;
  }

 private:
  int number_ = -1;
};

}  // namespace quire::io::posix
