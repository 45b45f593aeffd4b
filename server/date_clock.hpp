// The Date field's value, written once a second. RFC 9110, section 6.6.1.
//
// Costs a comparison a call while the second lasts. One for each worker.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string_view>

namespace quire::server {

class date_clock {
 public:
  // The time of day since 1970, UTC. Replaced where runs must repeat.
  using time_of_day = std::chrono::nanoseconds (*)() noexcept;
  static std::chrono::nanoseconds system_time() noexcept {
    return std::chrono::system_clock::now().time_since_epoch();
  }

  explicit date_clock(time_of_day source = &system_time) noexcept : source_(source) {}

  // `now` is the loop's monotonic clock: the time of day is asked for only when a second has
  // passed.
  void update(std::chrono::nanoseconds now) noexcept {
    if (now >= next_) refresh(now);
  }
  // "Sun, 06 Nov 1994 08:49:37 GMT".
  std::string_view text() const noexcept { return {text_.data(), text_.size()}; }
  // Seconds since 1970, UTC.
  std::int64_t seconds() const noexcept { return seconds_; }
  // Asks the source.
  std::chrono::nanoseconds exact() const noexcept { return source_(); }

 private:
  void refresh(std::chrono::nanoseconds now) noexcept;

  time_of_day source_;
  std::chrono::nanoseconds next_ = std::chrono::nanoseconds::min();
  std::int64_t seconds_ = 0;
  std::array<char, 29> text_{};
};

}  // namespace quire::server
