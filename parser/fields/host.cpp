#include <quire/parser/fields/host.hpp>

#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

#include <cstddef>

namespace quire::http {
namespace {

// The length of the reg-name at the start of `text`; it ends before whatever is not part of one.
std::size_t registered_name_size(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i != text.size()) {
    if (is(character_class::reg_name, text[i])) {
      ++i;
    } else if (text[i] == '%' && text.size() - i >= 3 &&
               is(character_class::hex_digit, text[i + 1]) &&
               is(character_class::hex_digit, text[i + 2])) {
      i += 3;
    } else {
      break;
    }
  }
  return i;
}

// IPvFuture = "v" 1*HEXDIG "." 1*( unreserved / sub-delims / ":" )
bool is_future_address(std::string_view text) noexcept {
  if (text.empty() || (text[0] != 'v' && text[0] != 'V')) return false;
  std::size_t i = 1;
  while (i != text.size() && is(character_class::hex_digit, text[i])) ++i;
  if (i == 1 || i == text.size() || text[i] != '.' || i + 1 == text.size()) return false;
  for (char const c : slice(text, i + 1)) {
    if (!is(character_class::reg_name, c) && c != ':') return false;
  }
  return true;
}

// [ ":" port ], up to the end of the text.
bool parse_port(std::string_view text, host_and_port& out) noexcept {
  if (text.empty()) return true;
  if (text[0] != ':') return false;
  text.remove_prefix(1);
  int number = 0;
  for (char const c : text) {
    if (!is(character_class::digit, c)) return false;
    number = number * 10 + digit_value(c);
    if (number > 65535) return false;
  }
  out.port = text;
  if (!text.empty()) out.port_number = number;
  return true;
}

// h16 = 1*4HEXDIG; its length, 0 when there is none or it is too long.
std::size_t group_size(std::string_view text) noexcept {
  std::size_t i = 0;
  while (i != text.size() && is(character_class::hex_digit, text[i])) ++i;
  return i <= 4 ? i : 0;
}

}  // namespace

bool is_ipv4_address(std::string_view text) noexcept {
  for (int part = 0; part < 4; ++part) {
    if (part != 0) {
      if (text.empty() || text[0] != '.') return false;
      text.remove_prefix(1);
    }
    std::size_t size = 0;
    int value = 0;
    while (size != text.size() && size < 3 && is(character_class::digit, text[size])) {
      value = value * 10 + digit_value(text[size++]);
    }
    if (size == 0 || value > 255 || (size > 1 && text[0] == '0')) return false;
    text.remove_prefix(size);
  }
  return text.empty();
}

// Eight groups of 16 bits; one run of them may be "::"; the last two may be an IPv4 address.
bool is_ipv6_address(std::string_view text) noexcept {
  int groups = 0;
  bool elided = false;
  if (text.starts_with("::")) {
    elided = true;
    text.remove_prefix(2);
    if (text.empty()) return true;
  }
  while (true) {
    if (is_ipv4_address(text)) {
      groups += 2;
      break;
    }
    std::size_t const size = group_size(text);
    if (size == 0) return false;
    ++groups;
    text.remove_prefix(size);
    if (text.empty()) break;
    if (text.starts_with("::")) {
      if (elided) return false;
      elided = true;
      text.remove_prefix(2);
      if (text.empty()) break;
    } else if (text[0] == ':') {
      text.remove_prefix(1);
    } else {
      return false;
    }
  }
  // "::" stands for one group at least.
  return elided ? groups <= 7 : groups == 8;
}

std::optional<host_and_port> parse_host(std::string_view text) noexcept {
  host_and_port out;
  std::size_t size = 0;
  if (!text.empty() && text[0] == '[') {
    std::size_t const close = index_of(text, "]");
    if (close == text.size()) return std::nullopt;
    std::string_view const address = slice(text, 1, close);
    if (!is_ipv6_address(address) && !is_future_address(address)) return std::nullopt;
    size = close + 1;
  } else {
    size = registered_name_size(text);
    if (size == 0 && !text.empty()) return std::nullopt;
  }
  out.host = slice(text, 0, size);
  if (!parse_port(slice(text, size), out)) return std::nullopt;
  return out;
}

bool is_valid_host(std::string_view text) noexcept {
  return parse_host(text).has_value();
}

}  // namespace quire::http
