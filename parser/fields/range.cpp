#include <quire/parser/fields/range.hpp>

#include <quire/parser/fields/caseless.hpp>
#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

#include <limits>

namespace quire::http {
namespace {

constexpr std::uint64_t position_max = std::numeric_limits<std::uint64_t>::max();

// 1*DIGIT from the start of `text`; what is too large becomes position_max.
bool take_position(std::string_view& text, std::uint64_t& out) noexcept {
  std::size_t size = 0;
  std::uint64_t value = 0;
  while (size != text.size() && is(character_class::digit, text[size])) {
    auto const digit = static_cast<std::uint64_t>(digit_value(text[size++]));
    value = value > (position_max - digit) / 10 ? position_max : value * 10 + digit;
  }
  out = value;
  text.remove_prefix(size);
  return size != 0;
}

bool take_range_spec(std::string_view& text, byte_range_spec& out) noexcept {
  bool const has_first = take_position(text, out.first);
  if (text.empty() || text.front() != '-') return false;
  text.remove_prefix(1);
  if (!has_first) {
    out.is = byte_range_spec::form::suffix;
    return take_position(text, out.length);
  }
  bool const has_last = take_position(text, out.last);
  out.is = has_last ? byte_range_spec::form::closed : byte_range_spec::form::open;
  return !has_last || out.first <= out.last;
}

// True when `a` and `b` overlap, touch, or leave at most `gap` bytes between them.
bool are_near(byte_extent const& a, byte_extent const& b, std::uint64_t gap) noexcept {
  if (b.first > a.last) return b.first - a.last - 1 <= gap;
  if (a.first > b.last) return a.first - b.last - 1 <= gap;
  return true;
}

}  // namespace

byte_range_reader::byte_range_reader(std::string_view value) noexcept {
  std::size_t const equals = index_of(value, "=");
  std::string_view const unit = slice(value, 0, equals);
  bool is_token = !unit.empty();
  for (char const c : unit) is_token = is_token && is(character_class::token, c);
  if (equals == value.size() || !is_token) {
    state_ = result::malformed;
  } else if (!equal_caseless(unit, "bytes")) {
    state_ = result::other_unit;
  } else {
    rest_ = slice(value, equals + 1);
  }
}

byte_range_reader::result byte_range_reader::next(byte_range_spec& out) noexcept {
  if (state_ != result::range) return state_;
  while (!rest_.empty() && (is_white_space(rest_.front()) || rest_.front() == ',')) {
    rest_.remove_prefix(1);
  }
  if (rest_.empty()) return state_ = any_ ? result::end : result::malformed;
  if (!take_range_spec(rest_, out)) return state_ = result::malformed;
  rest_ = trim_blanks(rest_);
  if (!rest_.empty() && rest_.front() != ',') return state_ = result::malformed;
  any_ = true;
  return result::range;
}

std::optional<byte_extent> resolve_range(byte_range_spec const& spec,
                                         std::uint64_t length) noexcept {
  if (length == 0) return std::nullopt;
  if (spec.is == byte_range_spec::form::suffix) {
    if (spec.length == 0) return std::nullopt;
    return byte_extent{spec.length < length ? length - spec.length : 0, length - 1};
  }
  if (spec.first >= length) return std::nullopt;
  bool const to_the_end = spec.is == byte_range_spec::form::open || spec.last >= length;
  return byte_extent{spec.first, to_the_end ? length - 1 : spec.last};
}

resolved_ranges resolve_ranges(std::string_view value, std::uint64_t length,
                               std::span<byte_extent> out) noexcept {
  byte_range_reader reader{value};
  byte_range_spec spec;
  std::size_t specs = 0;
  std::size_t count = 0;
  bool suffix_of_nothing = false;
  while (true) {
    switch (reader.next(spec)) {
      case byte_range_reader::result::range:
        if (specs++ == out.size()) return {range_verdict::too_many, 0};
        if (auto const extent = resolve_range(spec, length)) out[count++] = *extent;
        if (length == 0 && spec.is == byte_range_spec::form::suffix && spec.length != 0) {
          suffix_of_nothing = true;
        }
        break;
      case byte_range_reader::result::end:
        if (count != 0) return {range_verdict::satisfiable, count};
        return {suffix_of_nothing ? range_verdict::whole : range_verdict::unsatisfiable, 0};
      case byte_range_reader::result::other_unit:
      case byte_range_reader::result::malformed:
        return {range_verdict::ignored, 0};
    }
  }
}

std::size_t coalesce_extents(std::span<byte_extent> extents, std::uint64_t gap) noexcept {
  std::size_t count = extents.size();
  for (std::size_t i = 0; i < count; ++i) {
    // What grows may reach extents that were out of reach before, so each growth starts over.
    for (std::size_t k = i + 1; k < count;) {
      if (!are_near(extents[i], extents[k], gap)) {
        ++k;
        continue;
      }
      if (extents[k].first < extents[i].first) extents[i].first = extents[k].first;
      if (extents[k].last > extents[i].last) extents[i].last = extents[k].last;
      for (std::size_t m = k + 1; m < count; ++m) extents[m - 1] = extents[m];
      --count;
      k = i + 1;
    }
  }
  return count;
}

}  // namespace quire::http
