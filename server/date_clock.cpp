#include <quire/server/date_clock.hpp>

#include <quire/parser/fields/http_date.hpp>

namespace quire::server {

void date_clock::refresh(std::chrono::nanoseconds now) noexcept {
  std::chrono::nanoseconds const time = source_();
  auto const whole = std::chrono::floor<std::chrono::seconds>(time);
  seconds_ = whole.count();
  next_ = now + (whole - time) + std::chrono::seconds(1);
  // A clock beyond the year 9999 leaves the last date that can be stated.
  static_cast<void>(http::format_http_date(seconds_, text_));
}

}  // namespace quire::server
