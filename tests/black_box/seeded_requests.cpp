#include "tests/black_box/seeded_requests.hpp"

#include <algorithm>
#include <array>
#include <ctime>

namespace quire::test {
namespace {

constexpr std::string_view tag_lists[] = {
    "{tag}", "{tag}", "{tag}", "{gzip}", "W/{tag}", "\"another\"", "\"another\"", "*", "",
    "\"a\", {tag}", "{tag} , \"b\"", "\"a\",, ,{gzip}", "W/\"a\", W/{tag}", "\"a,b\", {tag}",
    // No lists of tags.
    "{bare}", "\"{bare}", "\"a\" {tag}", "*, {tag}", "W/*", "w/{tag}", "'{bare}'", "{tag}{tag}",
    "\"a\"; {tag}", ",", "\"\x80\xff\", {tag}"};

constexpr std::string_view broken_dates[] = {"yesterday",
                                             "0",
                                             "",
                                             "-1",
                                             "2026-11-22T17:29:01Z",
                                             "Sun, 30 Feb 2020 08:49:37 GMT",
                                             "Sun, 06 Nov 1994 25:49:37 GMT",
                                             "Sun, 06 Nov 1994 08:49:37",
                                             "Sun, 06 Nov 1994 08:49:37 +0100",
                                             "06 Nov 2034 08:49:37 GMT",
                                             "Sun, 06 Nov 99999999 08:49:37 GMT"};

constexpr std::string_view broken_ranges[] = {"bytes",
                                              "bytes=",
                                              "bytes=-",
                                              "bytes=5-2",
                                              "bytes=a-b",
                                              "bytes=1-2-3",
                                              "bytes=0-5;7-9",
                                              "bytes=--5",
                                              "bytes=0x0-0x5",
                                              "bytes:0-5",
                                              "bytes=0-5,a",
                                              "octets=0-5",
                                              "0-5",
                                              "bytes=+0-5",
                                              "bytes=1.0-5",
                                              "bytes=0-5 6-",
                                              "lines=1-2",
                                              "bytes=0-5 abc",
                                              "bytes=\"0-5\"",
                                              "bytes=*",
                                              "seconds=0-1",
                                              "bytes==0-5",
                                              "",
                                              "bytes=0-5,5-2,7-"};

constexpr std::string_view odd_ranges[] = {"BYTES=0-5",
                                           "bytes=0-5,",
                                           "bytes=,0-5",
                                           "bytes= 0-5",
                                           "bytes=0-5 , 10-12",
                                           "bytes=-0",
                                           "bytes=0-18446744073709551615",
                                           "bytes=0-99999999999999999999999",
                                           "bytes=99999999999999999999999-",
                                           "bytes=-99999999999999999999999",
                                           "bytes=00000000000000000000000005-9",
                                           "bytes=0-,0-,0-",
                                           "bytes=0-0,-1"};

constexpr std::string_view accepted[] = {
    "gzip", "gzip, deflate, br", "gzip, deflate, br, zstd", "br", "identity", "*", "*;q=0",
    "gzip;q=0", "gzip;q=0.5, identity", "gzip;q=0.001", "gzip;q=1.000", "identity;q=0",
    "identity;q=0, gzip", "gzip;q=0, *", "GZIP", "x-gzip", "", "gzip;q=0.5, identity;q=0.6",
    "deflate, gzip;q=1.0, *;q=0.5", "gzip ; q=0.8", "gzip,,br", "identity;q=0, *;q=0", "*;q=0.3",
    // No lists of codings.
    "gzip;q=2", "gzip;q=abc", "gzip;level=9", ";;", "gzip;q=", "gzip q=1", "gzip;q=0.5000",
    "\"gzip\""};

std::string replaced(std::string text, std::string_view what, std::string_view by) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += by.size()) {
    text.replace(at, what.size(), by);
  }
  return text;
}

}  // namespace

std::optional<std::string_view> seeded_request::field(std::string_view name) const {
  for (auto const& [key, value] : fields) {
    if (key == name) return value;
  }
  return std::nullopt;
}

std::string seeded_request::text(std::string_view tag, std::string_view gzip_tag) const {
  std::string out = method + " " + target + " HTTP/1.1\r\nHost: example.com\r\n";
  for (auto const& [name, value] : fields) {
    std::string v = replaced(replaced(value, "{tag}", tag), "{gzip}", gzip_tag);
    if (tag.size() > 2) v = replaced(std::move(v), "{bare}", tag.substr(1, tag.size() - 2));
    out.append(name).append(": ").append(v).append("\r\n");
  }
  return out + "\r\n";
}

std::string date_text(std::int64_t seconds, date_form form) {
  std::time_t const when = seconds;
  std::tm parts{};
  ::gmtime_r(&when, &parts);
  std::array<char, 64> text;
  char const* const format = form == date_form::imf_fixdate ? "%a, %d %b %Y %H:%M:%S GMT"
                             : form == date_form::rfc_850   ? "%A, %d-%b-%y %H:%M:%S GMT"
                                                            : "%a %b %e %H:%M:%S %Y";
  return {text.data(), std::strftime(text.data(), text.size(), format, &parts)};
}

request_generator::request_generator(std::uint64_t seed, std::vector<seeded_file> files,
                                     std::int64_t modified)
    : random_(seed), files_(std::move(files)), modified_(modified) {
  for (std::size_t i = 0; i != files_.size(); ++i) lots_.insert(lots_.end(), files_[i].weight, i);
}

std::string request_generator::tags() {
  if (!chance(2)) return one_of(tag_lists);
  std::string many;
  for (int i = 0; i != 200; ++i) many += "\"tag-" + std::to_string(i) + "\", ";
  return many + "{tag}";
}

std::string request_generator::date() {
  if (chance(15)) return one_of(broken_dates);
  constexpr std::int64_t day = 86400;
  constexpr std::int64_t offsets[] = {0, 0, 0, -1, 1, -day, day / 48, -20 * 365 * day, 3650 * day};
  return date_text(modified_ + offsets[below(std::size(offsets))],
                   static_cast<date_form>(below(3)));
}

std::string request_generator::right_range(std::uint64_t size) {
  std::uint64_t const reach = size + 10;  // Some lie beyond the end.
  std::uint64_t const first = below(reach);
  switch (below(4)) {
    case 0:
      return "-" + std::to_string(below(reach) + 1);
    case 1:
      return std::to_string(first) + "-";
    default:
      return std::to_string(first) + "-" + std::to_string(first + below(reach));
  }
}

std::string request_generator::ranges(std::uint64_t size) {
  switch (below(8)) {
    case 0:
      return one_of(broken_ranges);
    case 1:
      return one_of(odd_ranges);
    case 2: {  // In order, apart from each other.
      std::string set = "bytes=";
      std::uint64_t at = 0;
      for (std::size_t left = 2 + below(chance(20) ? 40 : 4); left != 0; --left) {
        std::uint64_t const last = at + below(size / 100 + 1);
        set += std::to_string(at) + "-" + std::to_string(last) + (left == 1 ? "" : ",");
        at = last + 2 + below(size / 50 + 1);
      }
      return set;
    }
    case 3: {  // In any order, one over the other.
      std::string set = "bytes=" + right_range(size);
      for (std::size_t left = 1 + below(4); left != 0; --left) set += "," + right_range(size);
      return set;
    }
    default:
      return "bytes=" + right_range(size);
  }
}

seeded_request request_generator::next() {
  seeded_file const& file = files_[lots_[below(lots_.size())]];
  seeded_request r{chance(12) ? "HEAD" : "GET", file.target, {}};
  if (chance(45)) r.fields.emplace_back("Accept-Encoding", one_of(accepted));
  if (chance(20)) r.fields.emplace_back("If-Match", tags());
  if (chance(20)) r.fields.emplace_back("If-Unmodified-Since", date());
  if (chance(30)) r.fields.emplace_back("If-None-Match", tags());
  if (chance(25)) r.fields.emplace_back("If-Modified-Since", date());
  if (chance(60)) {
    r.fields.emplace_back("Range", ranges(file.size));
    if (chance(40)) r.fields.emplace_back("If-Range", chance(50) ? date() : tags());
  }
  std::shuffle(r.fields.begin(), r.fields.end(), random_);
  return r;
}

}  // namespace quire::test
