// Requests that are conditional, for ranges, or negotiate, at random from a seed: right, malformed
// and absurd ones.
#pragma once

#include <cstdint>
#include <optional>
#include <random>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace quire::test {

struct seeded_request {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> fields;

  std::optional<std::string_view> field(std::string_view name) const;
  bool has(std::string_view name) const { return field(name).has_value(); }
  // As it is sent to a server that knows the file by this entity tag, and encoded by that one: they
  // stand in the fields as "{tag}" and "{gzip}", without their quotes as "{bare}".
  std::string text(std::string_view tag, std::string_view gzip_tag) const;
};

// What is asked for.
struct seeded_file {
  std::string target;
  std::uint64_t size = 0;
  unsigned weight = 1;  // How often, beside others.
};

class request_generator {
 public:
  // `modified`: the time of modification of all files, in seconds since 1970.
  request_generator(std::uint64_t seed, std::vector<seeded_file> files, std::int64_t modified);

  seeded_request next();

 private:
  std::size_t below(std::size_t n) { return random_() % n; }
  bool chance(unsigned percent) { return below(100) < percent; }
  template <class Container>
  std::string one_of(Container const& all) {
    return std::string(all[below(std::size(all))]);
  }
  std::string tags();
  std::string date();
  std::string right_range(std::uint64_t size);
  std::string ranges(std::uint64_t size);

  std::mt19937_64 random_;
  std::vector<seeded_file> files_;
  std::vector<std::size_t> lots_;
  std::int64_t modified_;
};

// The forms of a date: RFC 9110, section 5.6.7.
enum class date_form { imf_fixdate, rfc_850, asctime };
std::string date_text(std::int64_t seconds, date_form form);

}  // namespace quire::test
