#include <quire/parser/fields/http_date.hpp>

#include <gtest/gtest.h>

#include <limits>
#include <string>

using namespace quire::http;

namespace {

constexpr std::int64_t at_1994 = 784111777;
constexpr std::int64_t at_2026 = 1'770'000'000;  // 2026-02-02

std::string formatted(std::int64_t seconds) {
  char out[http_date_size];
  return format_http_date(seconds, out) ? std::string(out, sizeof out) : "none";
}

TEST(http_date, parses_the_three_forms) {
  EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", at_2026), at_1994);
  EXPECT_EQ(parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", at_2026), at_1994);
  EXPECT_EQ(parse_http_date("Sun Nov  6 08:49:37 1994", at_2026), at_1994);
  EXPECT_EQ(parse_http_date("Sun Nov 06 08:49:37 1994", at_2026), at_1994);
  EXPECT_EQ(parse_http_date("Thu, 01 Jan 1970 00:00:00 GMT", at_2026), 0);
  EXPECT_EQ(parse_http_date("Wed, 31 Dec 1969 23:59:59 GMT", at_2026), -1);
  EXPECT_EQ(parse_http_date("Fri, 31 Dec 9999 23:59:59 GMT", at_2026), 253402300799);
  EXPECT_EQ(parse_http_date("Wednesday, 31-Dec-69 23:59:59 GMT", at_1994), -1);
}

TEST(http_date, knows_leap_years) {
  EXPECT_EQ(parse_http_date("Tue, 29 Feb 2000 00:00:00 GMT", at_2026), 951782400);
  EXPECT_EQ(parse_http_date("Thu, 29 Feb 2024 12:00:00 GMT", at_2026), 1709208000);
  EXPECT_FALSE(parse_http_date("Thu, 29 Feb 1900 00:00:00 GMT", at_2026));
  EXPECT_FALSE(parse_http_date("Thu, 01 Mar 1900 24:00:00 GMT", at_2026));
  for (auto const* day : {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"}) {
    EXPECT_FALSE(parse_http_date(std::string(day) + ", 29 Feb 2023 00:00:00 GMT", at_2026));
    EXPECT_FALSE(parse_http_date(std::string(day) + ", 31 Apr 2023 00:00:00 GMT", at_2026));
    EXPECT_FALSE(parse_http_date(std::string(day) + ", 00 Apr 2023 00:00:00 GMT", at_2026));
    EXPECT_FALSE(parse_http_date(std::string(day) + ", 32 Jan 2023 00:00:00 GMT", at_2026));
  }
}

TEST(http_date, takes_a_60th_second_where_leap_seconds_are) {
  EXPECT_EQ(parse_http_date("Sat, 31 Dec 2016 23:59:60 GMT", at_2026), 1483228800);
  EXPECT_EQ(parse_http_date("Sun, 01 Jan 2017 00:00:00 GMT", at_2026), 1483228800);
  EXPECT_FALSE(parse_http_date("Sat, 31 Dec 2016 23:58:60 GMT", at_2026));
  EXPECT_FALSE(parse_http_date("Sat, 31 Dec 2016 22:59:60 GMT", at_2026));
  EXPECT_FALSE(parse_http_date("Sat, 31 Dec 2016 23:59:61 GMT", at_2026));
}

TEST(http_date, puts_two_digit_years_at_most_50_years_ahead) {
  // 2076-02-02 is 50 years after 2026-02-02, to the second.
  std::int64_t const now = *parse_http_date("Mon, 02 Feb 2026 12:00:00 GMT", at_2026);
  EXPECT_EQ(parse_http_date("Sunday, 02-Feb-76 12:00:00 GMT", now),
            parse_http_date("Sun, 02 Feb 2076 12:00:00 GMT", now));
  EXPECT_EQ(parse_http_date("Monday, 02-Feb-76 12:00:01 GMT", now),
            parse_http_date("Mon, 02 Feb 1976 12:00:01 GMT", now));
  EXPECT_FALSE(parse_http_date("Sunday, 02-Feb-76 12:00:01 GMT", now));
  EXPECT_EQ(parse_http_date("Tuesday, 03-Feb-76 00:00:00 GMT", now),
            parse_http_date("Tue, 03 Feb 1976 00:00:00 GMT", now));
  EXPECT_EQ(parse_http_date("Friday, 31-Dec-99 00:00:00 GMT", now),
            parse_http_date("Fri, 31 Dec 1999 00:00:00 GMT", now));
  EXPECT_EQ(parse_http_date("Saturday, 01-Jan-00 00:00:00 GMT", now),
            parse_http_date("Sat, 01 Jan 2000 00:00:00 GMT", now));
  // In 1994 the year 44 is still to come, and the year 45 has been.
  EXPECT_EQ(parse_http_date("Friday, 01-Jan-44 00:00:00 GMT", at_1994),
            parse_http_date("Fri, 01 Jan 2044 00:00:00 GMT", at_1994));
  EXPECT_EQ(parse_http_date("Monday, 01-Jan-45 00:00:00 GMT", at_1994),
            parse_http_date("Mon, 01 Jan 1945 00:00:00 GMT", at_1994));
}

TEST(http_date, stands_any_clock) {
  for (std::int64_t const now :
       {std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max(),
        std::int64_t{0}, std::int64_t{-62167219200}, std::int64_t{253402300799}}) {
    EXPECT_EQ(parse_http_date("Sun, 06 Nov 1994 08:49:37 GMT", now), at_1994);
    int valid = 0;
    for (auto const* day :
         {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}) {
      if (parse_http_date(std::string(day) + ", 06-Nov-94 08:49:37 GMT", now)) ++valid;
    }
    EXPECT_EQ(valid, 1) << now;
  }
  EXPECT_EQ(
      parse_http_date("Sunday, 06-Nov-94 08:49:37 GMT", std::numeric_limits<std::int64_t>::max()),
      parse_http_date("Sun, 06 Nov 9994 08:49:37 GMT", 0));
}

TEST(http_date, refuses_a_weekday_that_the_date_does_not_have) {
  EXPECT_FALSE(parse_http_date("Mon, 06 Nov 1994 08:49:37 GMT", at_2026));
  EXPECT_FALSE(parse_http_date("Monday, 06-Nov-94 08:49:37 GMT", at_2026));
  EXPECT_FALSE(parse_http_date("Mon Nov  6 08:49:37 1994", at_2026));
}

TEST(http_date, refuses_what_is_no_date) {
  using namespace std::string_view_literals;
  std::string_view const rows[] = {
      "",
      " ",
      "0",
      "Sun",
      "Sun,",
      "Sun, ",
      "now",
      "784111777",
      " Sun, 06 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 GMT ",
      "Sun, 06 Nov 1994 08:49:37",
      "Sun, 06 Nov 1994 08:49:37 UTC",
      "Sun, 06 Nov 1994 08:49:37 gmt",
      "Sun, 06 Nov 1994 08:49:37 +0000",
      "sun, 06 Nov 1994 08:49:37 GMT",
      "SUN, 06 NOV 1994 08:49:37 GMT",
      "Sun, 6 Nov 1994 08:49:37 GMT",
      "Sun,  6 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 94 08:49:37 GMT",
      "Sun, 06-Nov-1994 08:49:37 GMT",
      "Sun, 06-Nov-94 08:49:37 GMT",
      "Sunday, 06 Nov 1994 08:49:37 GMT",
      "Sunday, 06-Nov-1994 08:49:37 GMT",
      "Sunday 06-Nov-94 08:49:37 GMT",
      "Sun, 06 Nov 1994 8:49:37 GMT",
      "Sun, 06 Nov 1994 08:49 GMT",
      "Sun, 06 Nov 1994 24:00:00 GMT",
      "Sun, 06 Nov 1994 08:60:00 GMT",
      "Sun, 06 Nov 1994 -8:49:37 GMT",
      "Sun, 06 Nov +994 08:49:37 GMT",
      "Sun, 06 Nov 19941 08:49:37 GMT",
      "Sun, 06 Foo 1994 08:49:37 GMT",
      "Sun, 06 anF 1994 08:49:37 GMT",
      "Sun 06 Nov 1994 08:49:37 GMT",
      "Sun Nov 6 08:49:37 1994",
      "Sun Nov   6 08:49:37 1994",
      "Sun Nov  6 08:49:37 1994 GMT",
      "Sun Nov  6 08:49:37 94",
      "Sunday Nov  6 08:49:37 1994",
      "Sun, Nov  6 08:49:37 1994",
      "1994-11-06T08:49:37Z",
      "Sun, 06 Nov 1994 08:49:37 GMT\0"sv,
      "Sun,\t06 Nov 1994 08:49:37 GMT",
      "Sun, 06 Nov 1994 08:49:37 GMT, Sun, 06 Nov 1994 08:49:37 GMT",
      "Sunn, 06 Nov 1994 08:49:37 GMT",
      "Sundax, 06-Nov-94 08:49:37 GMT",
  };
  for (auto const row : rows) EXPECT_FALSE(parse_http_date(row, at_2026)) << row;
}

// Every day of 500 years, counted by a calendar that is turned over page by page.
TEST(http_date, formats_and_parses_every_day_from_1900_to_2400) {
  char const* const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  char const* const long_weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday"};
  char const* const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  int const lengths[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  std::int64_t day_number = -25567;  // 1900-01-01, a Monday
  int weekday = 0;
  for (int year = 1900; year <= 2400; ++year) {
    for (int month = 0; month < 12; ++month) {
      bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
      int const length = lengths[month] + (month == 1 && leap ? 1 : 0);
      for (int day = 1; day <= length; ++day) {
        int const second = static_cast<int>(day_number * 7919 % 86400 + 86400) % 86400;
        std::int64_t const expected = day_number * 86400 + second;
        char text[64];
        std::snprintf(text, sizeof text, "%s, %02d %s %04d %02d:%02d:%02d GMT", weekdays[weekday],
                      day, months[month], year, second / 3600, second / 60 % 60, second % 60);
        ASSERT_EQ(formatted(expected), text);
        ASSERT_EQ(parse_http_date(text, at_2026), expected) << text;
        std::snprintf(text, sizeof text, "%s %s %2d %02d:%02d:%02d %04d", weekdays[weekday],
                      months[month], day, second / 3600, second / 60 % 60, second % 60, year);
        ASSERT_EQ(parse_http_date(text, at_2026), expected) << text;
        std::snprintf(text, sizeof text, "%s, %02d-%s-%02d %02d:%02d:%02d GMT",
                      long_weekdays[weekday], day, months[month], year % 100, second / 3600,
                      second / 60 % 60, second % 60);
        ASSERT_EQ(parse_http_date(text, expected - 1000), expected) << text;
        ASSERT_EQ(parse_http_date(text, expected + 49 * std::int64_t{31556952}), expected) << text;
        ++day_number;
        weekday = (weekday + 1) % 7;
      }
    }
  }
}

TEST(http_date, formats_only_years_of_four_digits) {
  EXPECT_EQ(formatted(0), "Thu, 01 Jan 1970 00:00:00 GMT");
  EXPECT_EQ(formatted(-1), "Wed, 31 Dec 1969 23:59:59 GMT");
  EXPECT_EQ(formatted(253402300799), "Fri, 31 Dec 9999 23:59:59 GMT");
  EXPECT_EQ(formatted(253402300800), "none");
  EXPECT_EQ(formatted(-62167219200), "Sat, 01 Jan 0000 00:00:00 GMT");
  EXPECT_EQ(formatted(-62167219201), "none");
  EXPECT_EQ(formatted(std::numeric_limits<std::int64_t>::max()), "none");
  EXPECT_EQ(formatted(std::numeric_limits<std::int64_t>::min()), "none");
}

// Each octet of each form, replaced by each other octet: nothing but another valid date gets
// through.
TEST(http_date, notices_every_octet_that_is_wrong) {
  for (std::string const valid : {"Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
                                  "Sun Nov  6 08:49:37 1994"}) {
    for (std::size_t i = 0; i != valid.size(); ++i) {
      for (int octet = 0; octet < 256; ++octet) {
        std::string text = valid;
        text[i] = static_cast<char>(octet);
        auto const got = parse_http_date(text, at_2026);
        if (!got || text == valid) continue;
        // Only a digit may have changed, and to what is the same weekday.
        EXPECT_TRUE((octet >= '0' && octet <= '9') || octet == ' ') << text;
        EXPECT_EQ(formatted(*got).substr(0, 3), "Sun") << text;
      }
      EXPECT_FALSE(parse_http_date(valid.substr(0, i), at_2026));
    }
  }
}

}  // namespace
