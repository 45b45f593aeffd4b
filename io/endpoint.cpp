#include <quire/io/endpoint.hpp>

#include <charconv>
#include <span>

namespace quire::io {
namespace {

constexpr std::size_t groups = 8;  // Of 16 bits, in an address of version 6.

// Reads digits up to the end or to the first other character. False when there are none, when the
// number is greater than `max`, or when it has more than `digits_max` digits.
template <class Number>
bool take_number(std::string_view& text, int base, std::size_t digits_max, std::uint32_t max,
                 Number& out) noexcept {
  std::uint32_t n = 0;
  auto const [end, ec] = std::from_chars(text.data(), text.data() + text.size(), n, base);
  auto const digits = static_cast<std::size_t>(end - text.data());
  if (ec != std::errc{} || digits > digits_max || n > max) return false;
  out = static_cast<Number>(n);
  text.remove_prefix(digits);
  return true;
}

bool take(std::string_view& text, char c) noexcept {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

bool parse_v4(std::string_view text, std::span<std::uint8_t, 4> out) noexcept {
  for (std::size_t i = 0; i != 4; ++i) {
    if (i != 0 && !take(text, '.')) return false;
    if (!take_number(text, 10, 3, 255, out[i])) return false;
  }
  return text.empty();
}

// The text form of RFC 4291, section 2.2: groups, at most one "::", and the last 32 bits possibly
// in the form of version 4.
bool parse_v6(std::string_view text, std::array<std::uint8_t, 16>& out) noexcept {
  std::array<std::uint8_t, 16> bytes{};
  std::size_t used = 0;              // Bytes read so far.
  std::size_t gap = groups * 2 + 1;  // Where "::" stood; none yet.
  if (text.starts_with("::")) {
    gap = 0;
    text.remove_prefix(2);
  }
  while (!text.empty()) {
    if (used == bytes.size()) return false;
    std::string_view const here = text;
    std::uint16_t group = 0;
    if (!take_number(text, 16, 4, 0xFFFF, group)) return false;
    if (!text.empty() && text.front() == '.') {
      if (used + 4 > bytes.size()) return false;
      if (!parse_v4(here, std::span<std::uint8_t, 4>(bytes.data() + used, 4))) return false;
      used += 4;
      break;
    }
    bytes[used++] = static_cast<std::uint8_t>(group >> 8);
    bytes[used++] = static_cast<std::uint8_t>(group & 0xFF);
    if (text.empty()) break;
    if (!take(text, ':') || text.empty()) return false;
    if (take(text, ':')) {
      if (gap <= used) return false;
      gap = used;
    }
  }
  if (gap > bytes.size()) {
    if (used != bytes.size()) return false;
    out = bytes;
    return true;
  }
  if (used == bytes.size()) return false;
  out = {};
  for (std::size_t i = 0; i != gap; ++i) out[i] = bytes[i];
  for (std::size_t i = gap; i != used; ++i) out[out.size() - used + i] = bytes[i];
  return true;
}

bool parse_bracketed(std::string_view text, endpoint& e) noexcept {
  e.v6 = true;
  if (std::size_t const percent = text.find('%'); percent != std::string_view::npos) {
    std::string_view scope = text.substr(percent + 1);
    if (!take_number(scope, 10, 10, 0xFFFFFFFF, e.scope) || !scope.empty()) return false;
    text = text.substr(0, percent);
  }
  return parse_v6(text, e.address);
}

class writer {
 public:
  explicit writer(std::array<char, endpoint_text_max>& memory) noexcept : memory_(memory) {}
  void put(char c) noexcept { memory_[size_++] = c; }
  void put(std::uint32_t n, int base) noexcept {
    auto const r = std::to_chars(memory_.data() + size_, memory_.data() + memory_.size(), n, base);
    size_ = static_cast<std::size_t>(r.ptr - memory_.data());
  }
  std::string_view text() const noexcept { return {memory_.data(), size_}; }

 private:
  std::array<char, endpoint_text_max>& memory_;
  std::size_t size_ = 0;
};

struct group_run {
  std::size_t first = groups;
  std::size_t size = 0;
};

std::uint32_t group_of(endpoint const& e, std::size_t i) noexcept {
  return (std::uint32_t{e.address[2 * i]} << 8) | e.address[2 * i + 1];
}

// The first of the longest runs of at least two zero groups. RFC 5952, section 4.2.
group_run longest_zeros(endpoint const& e) noexcept {
  group_run best;
  for (std::size_t i = 0; i != groups;) {
    std::size_t end = i;
    while (end != groups && group_of(e, end) == 0) ++end;
    if (end - i > best.size && end - i >= 2) best = {i, end - i};
    i = end == i ? i + 1 : end;
  }
  return best;
}

void put_address(writer& out, endpoint const& e) noexcept {
  if (!e.v6) {
    for (std::size_t i = 0; i != 4; ++i) {
      if (i != 0) out.put('.');
      out.put(e.address[i], 10);
    }
    return;
  }
  group_run const zeros = longest_zeros(e);
  for (std::size_t i = 0; i != groups;) {
    if (i == zeros.first) {
      out.put(':');
      out.put(':');
      i += zeros.size;
      continue;
    }
    if (i != 0 && i != zeros.first + zeros.size) out.put(':');
    out.put(group_of(e, i), 16);
    ++i;
  }
  if (e.scope != 0) {
    out.put('%');
    out.put(e.scope, 10);
  }
}

}  // namespace

bool parse_endpoint(std::string_view text, endpoint& out) noexcept {
  endpoint e;
  if (take(text, '[')) {
    std::size_t const close = text.find(']');
    if (close == std::string_view::npos) return false;
    if (!parse_bracketed(text.substr(0, close), e)) return false;
    text.remove_prefix(close + 1);
    if (!take(text, ':')) return false;
  } else if (std::size_t const colon = text.find(':'); colon != std::string_view::npos) {
    if (colon != 0 &&
        !parse_v4(text.substr(0, colon), std::span<std::uint8_t, 4>(e.address.data(), 4))) {
      return false;
    }
    text.remove_prefix(colon + 1);
  }
  if (!take_number(text, 10, 5, 65535, e.port) || !text.empty()) return false;
  out = e;
  return true;
}

std::string_view format_endpoint(endpoint const& e,
                                 std::array<char, endpoint_text_max>& memory) noexcept {
  writer out(memory);
  if (e.v6) out.put('[');
  put_address(out, e);
  if (e.v6) out.put(']');
  out.put(':');
  out.put(e.port, 10);
  return out.text();
}

std::string_view format_address(endpoint const& e,
                                std::array<char, endpoint_text_max>& memory) noexcept {
  writer out(memory);
  put_address(out, e);
  return out.text();
}

}  // namespace quire::io
