#include <quire/server/date_clock.hpp>

#include <quire/parser/fields/http_date.hpp>

namespace quire::server {

void date_clock::refresh(std::chrono::nanoseconds now) noexcept {
  using std::chrono::system_clock;
  auto const time = system_clock::now().time_since_epoch();
  auto const whole = std::chrono::floor<std::chrono::seconds>(time);
  seconds_ = whole.count();
  next_ = now + (std::chrono::duration_cast<std::chrono::nanoseconds>(whole - time)) +
          std::chrono::seconds(1);
  // A clock beyond the year 9999 leaves the last date that can be stated.
  static_cast<void>(http::format_http_date(seconds_, text_));
}

}  // namespace quire::server
