// HTTP-date: a time as fields state it. RFC 9110, section 5.6.7.
//
//   IMF-fixdate  = day-name "," SP date1 SP time-of-day SP GMT   ; Sun, 06 Nov 1994 08:49:37 GMT
//   rfc850-date  = day-name-l "," SP date2 SP time-of-day SP GMT ; Sunday, 06-Nov-94 08:49:37 GMT
//   asctime-date = day-name SP date3 SP time-of-day SP year      ; Sun Nov  6 08:49:37 1994
//
// Times are seconds since 1970-01-01T00:00:00Z, without leap seconds, before 1970 negative. Nothing
// asks the system for the time, a time zone or a locale.
//
// A text that is no valid date yields nothing; the field that holds it is then ignored. Valid
// means: the case of the letters as above; a day that its month has; hours to 23, minutes to 59,
// seconds to 59, or 60 in the last minute of a day, where leap seconds are put (it counts as the
// next second); the weekday that the date has. A date that contradicts itself is no date, and to
// ignore it costs a recipient no more than one full response.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::http {

// The seconds that `text` states. `now` decides the century of a two-digit year: one that would be
// more than 50 years ahead of it lies in the past.
[[nodiscard]] std::optional<std::int64_t> parse_http_date(std::string_view text,
                                                          std::int64_t now) noexcept;

inline constexpr std::size_t http_date_size = 29;

// Writes an IMF-fixdate, without a terminator. False, and nothing written, when the year would not
// be one of 0 to 9999.
[[nodiscard]] bool format_http_date(std::int64_t seconds,
                                    std::span<char, http_date_size> out) noexcept;

}  // namespace quire::http
