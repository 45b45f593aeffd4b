// When a file that has just changed may be read.
//
// The times of a file tell changes apart only if some time lies between them: on many file systems
// they move by ticks of up to 10 ms. So a file may be read when it has not changed for longer than
// that; whatever changes it afterwards gives it another time. The clock of the file system may be
// another than ours: a time that lies ahead says nothing, and it is our own clock that tells for
// how long the file has stayed as it was first seen.
#pragma once

#include <quire/io/event_loop.hpp>
#include <quire/io/file_status.hpp>

#include <algorithm>
#include <chrono>

namespace quire::server {

// When content or inode changed last, since 1970.
[[nodiscard]] constexpr std::chrono::nanoseconds last_change(io::file_status const& s) noexcept {
  return std::chrono::nanoseconds(std::max(s.modified_ns, s.changed_ns));
}

// Watches one file for one request.
class settling {
 public:
  static constexpr std::chrono::nanoseconds time = std::chrono::milliseconds(20);

  // How long to wait until the next look at the file, which now has this status; zero: it may be
  // read. `time_of_day` is since 1970, `now` the loop's clock.
  [[nodiscard]] std::chrono::nanoseconds wait(io::file_status const& status,
                                              std::chrono::nanoseconds time_of_day,
                                              io::instant now) noexcept {
    auto const age = time_of_day - last_change(status);
    if (age >= time) return {};
    if (seen_ != status) {
      seen_ = status;
      seen_at_ = now;
    }
    auto const left = time - (now - seen_at_);
    if (left <= left.zero()) return {};
    return age < age.zero() ? left : std::min(left, time - age);
  }

 private:
  io::file_status seen_;
  io::instant seen_at_{};
};

}  // namespace quire::server
