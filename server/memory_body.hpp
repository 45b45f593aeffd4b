// A part of a body that lies in pages: what of it is still to be put into the output.
//
// Refers to a representation's pages, which the exchange holds.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/server/output.hpp>

#include <algorithm>
#include <cstdint>

namespace quire::server {

class memory_body {
 public:
  memory_body() = default;
  memory_body(buffer const& content, std::uint64_t offset, std::uint64_t length) noexcept
      : next_(content.begin() + static_cast<std::ptrdiff_t>(offset)), left_(length) {}

  bool empty() const noexcept { return left_ == 0; }

  // Puts as much into the output as fits. False when nothing was left to put.
  bool add_to(output& out) noexcept {
    if (left_ == 0) return false;
    while (left_ != 0 && out.room() != 0) {
      const_span run = next_.run();
      run.size = static_cast<std::size_t>(std::min<std::uint64_t>(run.size, left_));
      out.add(run);
      next_ += static_cast<std::ptrdiff_t>(run.size);
      left_ -= run.size;
    }
    return true;
  }

 private:
  buffer::iterator next_;
  std::uint64_t left_ = 0;
};

}  // namespace quire::server
