#include <quire/parser/fields/http_date.hpp>

#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

#include <algorithm>

namespace quire::http {
namespace {

constexpr std::string_view weekday_names[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                              "Thursday", "Friday", "Saturday"};
constexpr std::string_view month_names = "JanFebMarAprMayJunJulAugSepOctNovDec";
constexpr std::int64_t seconds_per_day = 86400;

struct civil_date {
  int year = 0;
  int month = 0;  // 1 to 12
  int day = 0;    // 1 to 31
};

// Days since 1970-01-01 in the proleptic Gregorian calendar. Years begin in March here, so that the
// leap day is the last of its year; an era is the 400 years after which the calendar repeats.
constexpr std::int64_t days_from(civil_date date) noexcept {
  std::int64_t const year = date.month <= 2 ? date.year - 1 : date.year;
  std::int64_t const era = (year >= 0 ? year : year - 399) / 400;
  std::int64_t const year_of_era = year - era * 400;
  std::int64_t const day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;
  std::int64_t const day_of_era =
      year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

// The inverse of days_from(). Requires: a year that an int holds.
constexpr civil_date date_from(std::int64_t days) noexcept {
  days += 719468;
  std::int64_t const era = (days >= 0 ? days : days - 146096) / 146097;
  std::int64_t const day_of_era = days - era * 146097;
  std::int64_t const year_of_era =
      (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
  std::int64_t const day_of_year =
      day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
  int const march_month = static_cast<int>((5 * day_of_year + 2) / 153);
  civil_date out;
  out.month = march_month < 10 ? march_month + 3 : march_month - 9;
  out.day = static_cast<int>(day_of_year) - (153 * march_month + 2) / 5 + 1;
  out.year = static_cast<int>(year_of_era + era * 400) + (out.month <= 2 ? 1 : 0);
  return out;
}

constexpr int weekday_from(std::int64_t days) noexcept {
  std::int64_t const weekday = (days + 4) % 7;  // 1970-01-01 was a Thursday
  return static_cast<int>(weekday < 0 ? weekday + 7 : weekday);
}

constexpr bool is_leap_year(int year) noexcept {
  return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

constexpr int days_in_month(int year, int month) noexcept {
  if (month == 2) return is_leap_year(year) ? 29 : 28;
  return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

// Requires: 1 to 12.
constexpr std::string_view month_name(int month) noexcept {
  auto const end = static_cast<std::size_t>(month) * 3;
  return slice(month_names, end - 3, end);
}

// Reads the parts of a date from left to right; after the first part that is not there it is
// failed.
class date_reader {
 public:
  explicit date_reader(std::string_view text) noexcept : text_(text) {}

  void literal(std::string_view expected) noexcept {
    if (!text_.starts_with(expected)) return fail();
    text_.remove_prefix(expected.size());
  }

  int digits(std::size_t count) noexcept {
    int value = 0;
    if (text_.size() < count) fail();
    for (char const c : slice(text_, 0, count)) {
      if (!is(character_class::digit, c)) fail();
      value = value * 10 + digit_value(c);
    }
    text_ = slice(text_, count);
    return value;
  }

  // A month by its three letters.
  int month() noexcept {
    for (int m = 0; m < 12; ++m) {
      if (!text_.starts_with(month_name(m + 1))) continue;
      text_.remove_prefix(3);
      return m + 1;
    }
    fail();
    return 0;
  }

  // date3's day: two digits, or a space and one.
  int day_padded() noexcept {
    if (!text_.starts_with(' ')) return digits(2);
    text_.remove_prefix(1);
    return digits(1);
  }

  // time-of-day as the seconds since midnight.
  int time_of_day() noexcept {
    int const hour = digits(2);
    literal(":");
    int const minute = digits(2);
    literal(":");
    int const second = digits(2);
    bool const leap_second = hour == 23 && minute == 59 && second == 60;
    if (hour > 23 || minute > 59 || (second > 59 && !leap_second)) fail();
    return hour * 3600 + minute * 60 + second;
  }

  void end() noexcept {
    if (!text_.empty()) fail();
  }

  bool failed() const noexcept { return failed_; }

 private:
  void fail() noexcept {
    failed_ = true;
    text_ = {};
  }

  std::string_view text_;
  bool failed_ = false;
};

// Everything that a date states, before it is checked.
struct stated_date {
  civil_date date;
  int second_of_day = 0;
};

// After the day-name and ", ":  06 Nov 1994 08:49:37 GMT
stated_date read_fixdate(date_reader& in) noexcept {
  stated_date out;
  out.date.day = in.digits(2);
  in.literal(" ");
  out.date.month = in.month();
  in.literal(" ");
  out.date.year = in.digits(4);
  in.literal(" ");
  out.second_of_day = in.time_of_day();
  in.literal(" GMT");
  return out;
}

// After the day-name-l and ", ":  06-Nov-94 08:49:37 GMT
stated_date read_rfc850(date_reader& in) noexcept {
  stated_date out;
  out.date.day = in.digits(2);
  in.literal("-");
  out.date.month = in.month();
  in.literal("-");
  out.date.year = in.digits(2);
  in.literal(" ");
  out.second_of_day = in.time_of_day();
  in.literal(" GMT");
  return out;
}

// After the day-name and SP:  Nov  6 08:49:37 1994
stated_date read_asctime(date_reader& in) noexcept {
  stated_date out;
  out.date.month = in.month();
  in.literal(" ");
  out.date.day = in.day_padded();
  in.literal(" ");
  out.second_of_day = in.time_of_day();
  in.literal(" ");
  out.date.year = in.digits(4);
  return out;
}

bool is_day_of_month(civil_date date) noexcept {
  return date.day >= 1 && date.day <= days_in_month(date.year, date.month);
}

std::optional<std::int64_t> resolve(stated_date const& stated, int weekday) noexcept {
  if (!is_day_of_month(stated.date)) return std::nullopt;
  std::int64_t const days = days_from(stated.date);
  if (weekday_from(days) != weekday) return std::nullopt;
  return days * seconds_per_day + stated.second_of_day;
}

constexpr std::int64_t floor_to_day(std::int64_t seconds) noexcept {
  return seconds / seconds_per_day - (seconds % seconds_per_day < 0 ? 1 : 0);
}

// Years that format_http_date() can write, as days since 1970-01-01.
constexpr std::int64_t first_day = days_from({0, 1, 1});
constexpr std::int64_t last_day = days_from({9999, 12, 31});

// The latest year with these two last digits that is not more than 50 years ahead of `now`.
stated_date with_century(stated_date stated, std::int64_t now) noexcept {
  now = std::clamp(now, first_day * seconds_per_day, last_day * seconds_per_day);
  std::int64_t const day = floor_to_day(now);
  civil_date const today = date_from(day);
  std::int64_t const second_of_today = now - day * seconds_per_day;
  int year = (today.year + 50) / 100 * 100 + stated.date.year;
  civil_date const that = {year, stated.date.month, stated.date.day};
  civil_date const limit = {today.year + 50, today.month, today.day};
  std::int64_t const ahead =
      (days_from(that) - days_from(limit)) * seconds_per_day + stated.second_of_day;
  if (ahead > second_of_today) year -= 100;
  stated.date.year = year;
  return stated;
}

char* write_digits(char* out, int value, int count) noexcept {
  for (int i = count; i-- > 0; value /= 10) out[i] = static_cast<char>('0' + value % 10);
  return out + count;
}

char* write_text(char* out, std::string_view text) noexcept {
  for (char const c : text) *out++ = c;
  return out;
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view text, std::int64_t now) noexcept {
  for (int weekday = 0; weekday < 7; ++weekday) {
    std::string_view const name = weekday_names[weekday];
    if (!text.starts_with(slice(name, 0, 3))) continue;
    stated_date stated;
    date_reader in{{}};
    if (slice(text, 3).starts_with(", ")) {
      in = date_reader{slice(text, 5)};
      stated = read_fixdate(in);
    } else if (slice(text, 3).starts_with(' ')) {
      in = date_reader{slice(text, 4)};
      stated = read_asctime(in);
    } else {
      in = date_reader{text};
      in.literal(name);
      in.literal(", ");
      stated = with_century(read_rfc850(in), now);
    }
    in.end();
    return in.failed() ? std::nullopt : resolve(stated, weekday);
  }
  return std::nullopt;
}

bool format_http_date(std::int64_t seconds, std::span<char, http_date_size> out) noexcept {
  std::int64_t const days = floor_to_day(seconds);
  if (days < first_day || days > last_day) return false;
  civil_date const date = date_from(days);
  int const second_of_day = static_cast<int>(seconds - days * seconds_per_day);
  char* p = out.data();
  p = write_text(p, slice(weekday_names[weekday_from(days)], 0, 3));
  p = write_text(p, ", ");
  p = write_digits(p, date.day, 2);
  p = write_text(p, " ");
  p = write_text(p, month_name(date.month));
  p = write_text(p, " ");
  p = write_digits(p, date.year, 4);
  p = write_text(p, " ");
  p = write_digits(p, second_of_day / 3600, 2);
  p = write_text(p, ":");
  p = write_digits(p, second_of_day / 60 % 60, 2);
  p = write_text(p, ":");
  p = write_digits(p, second_of_day % 60, 2);
  write_text(p, " GMT");
  return true;
}

}  // namespace quire::http
