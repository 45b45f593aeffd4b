// The parts of a multipart body that are still to be put into the output.
//
// Part of an exchange: nothing is allocated. Refers to a representation, which the exchange holds.
#pragma once

#include <quire/server/output.hpp>
#include <quire/server/site/byte_range_request.hpp>
#include <quire/server/site/multipart.hpp>

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>

namespace quire::server {

class pending_parts {
 public:
  // Requires: extents.size() <= ranges_max.
  void start(multipart const& m, std::span<http::byte_extent const> extents) noexcept {
    form_ = m;
    std::copy(extents.begin(), extents.end(), extents_.begin());
    count_ = extents.size();
    next_ = 0;
    bytes_ = 0;
    active_ = true;
  }
  // Something is left to be put, the end at least.
  bool active() const noexcept { return active_; }
  void stop() noexcept { active_ = false; }

  struct step {
    bool done = false;                        // False: the pool is empty.
    std::optional<http::byte_extent> extent;  // What has to follow; nothing: that was the end.
  };
  // Puts the head of the next part into the output, or the end. Requires: active(), output.room()
  // != 0.
  [[nodiscard]] step add_next(output& out) noexcept {
    char* const memory = out.reserve_text(part_head_max);
    if (memory == nullptr) return {};
    std::span<char> const room(memory, part_head_max);
    bool const at_end = next_ == count_;
    auto const size = at_end ? write_multipart_end(form_, room)
                             : write_part_head(form_, extents_[next_], next_ == 0, room);
    if (!size) return {};
    out.commit_text(*size);
    bytes_ += *size;
    active_ = !at_end;
    if (at_end) return {true, std::nullopt};
    return {true, extents_[next_++]};
  }

  // Bytes of the body whose way to the output has ended: those of heads, and what added() says.
  std::uint64_t bytes() const noexcept { return bytes_; }
  void added(std::uint64_t content) noexcept { bytes_ += content; }

 private:
  multipart form_{};
  std::array<http::byte_extent, ranges_max> extents_;
  std::size_t count_ = 0;
  std::size_t next_ = 0;
  std::uint64_t bytes_ = 0;
  bool active_ = false;
};

}  // namespace quire::server
