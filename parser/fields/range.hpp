// The value of the Range field in bytes, and what it selects of a representation. RFC 9110,
// sections 14.1 and 14.2.
//
//   Range            = ranges-specifier
//   ranges-specifier = range-unit "=" range-set       range-unit   = token, here "bytes"
//   range-set        = 1#range-spec                   range-spec   = int-range / suffix-range
//   int-range        = first-pos "-" [ last-pos ]     suffix-range = "-" suffix-length
//
// Positions of any length are read; those above 2^64-1 count as 2^64-1, which is beyond the end of
// every representation. Nothing here sums or subtracts before it has compared.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::http {

// One range-spec as it was written.
struct byte_range_spec {
  enum class form : std::uint8_t {
    closed,  // first-last
    open,    // first-
    suffix,  // -length
  };
  form is = form::closed;
  std::uint64_t first = 0;   // closed and open
  std::uint64_t last = 0;    // closed; not less than first
  std::uint64_t length = 0;  // suffix
};

// Reads a Range value from left to right.
class byte_range_reader {
 public:
  enum class result : std::uint8_t {
    range,
    end,         // after one range at least
    other_unit,  // a unit that is not bytes: the field is to be ignored
    malformed,   // the whole field is to be ignored, also what was read of it already
  };

  explicit byte_range_reader(std::string_view value) noexcept;

  // The next range-spec; all but `range` are final.
  [[nodiscard]] result next(byte_range_spec& out) noexcept;

 private:
  std::string_view rest_;
  result state_ = result::range;
  bool any_ = false;
};

// Bytes of a representation: `first` to `last`, both included, so never none.
struct byte_extent {
  std::uint64_t first = 0;
  std::uint64_t last = 0;

  constexpr std::uint64_t size() const noexcept { return last - first + 1; }
  friend constexpr bool operator==(byte_extent const&, byte_extent const&) = default;
};

// The bytes that `spec` selects of a representation of `length` bytes; nothing when there are none.
[[nodiscard]] std::optional<byte_extent> resolve_range(byte_range_spec const& spec,
                                                       std::uint64_t length) noexcept;

enum class range_verdict : std::uint8_t {
  ignored,        // malformed or another unit: answer as if there were no Range
  satisfiable,    // `count` extents, in the order of the field
  whole,          // a suffix of an empty representation: satisfiable, but Content-Range cannot say so
  unsatisfiable,  // well-formed, but selects nothing
  too_many,       // more range-specs than there is room for
};

struct resolved_ranges {
  range_verdict verdict = range_verdict::ignored;
  std::size_t count = 0;
};

// Reads all of a Range value and writes what it selects to `out`. out.size() bounds the
// range-specs, satisfiable or not, that a peer can make the caller look at.
[[nodiscard]] resolved_ranges resolve_ranges(std::string_view value, std::uint64_t length,
                                             std::span<byte_extent> out) noexcept;

// Makes one extent of those that overlap, touch, or leave a gap of at most `gap` bytes. Each result
// stands where the first of its parts stood. Returns how many are left. Takes time quadratic in
// extents.size(). RFC 9110, section 14.2: overlapping and tiny ranges are a known attack.
std::size_t coalesce_extents(std::span<byte_extent> extents, std::uint64_t gap) noexcept;

}  // namespace quire::http
