// A part of a body that lies in a memory file: what of it is still to be sent, behind the output.
//
// Refers to a representation, which the exchange holds. No page is taken for it, however slowly it
// is sent.
#pragma once

#include <quire/server/representation.hpp>

#include <cstdint>

namespace quire::server {

template <io::proactor Proactor>
class memory_file_body {
 public:
  // Requires: of.leaves_memory_file(length); not active().
  void start(representation<Proactor> const& of, std::uint64_t offset,
             std::uint64_t length) noexcept {
    of_ = &of;
    offset_ = offset;
    left_ = length;
    sent_ = 0;
  }
  // From start() to stop().
  bool active() const noexcept { return of_ != nullptr; }
  void stop() noexcept {
    of_ = nullptr;
    left_ = 0;
  }

  typename Proactor::memory_file const& file() const noexcept { return of_->memory; }
  std::uint64_t offset() const noexcept { return offset_; }
  std::uint64_t left() const noexcept { return left_; }

  std::uint64_t sent() const noexcept { return sent_; }
  // Requires: n <= left().
  void sent(std::uint64_t n) noexcept {
    offset_ += n;
    left_ -= n;
    sent_ += n;
  }

 private:
  representation<Proactor> const* of_ = nullptr;
  std::uint64_t offset_ = 0;
  std::uint64_t left_ = 0;
  std::uint64_t sent_ = 0;
};

}  // namespace quire::server
