// The small grammar of the reference parser: classes of octets, lists, and hosts, from RFC 9110 and
// RFC 3986. Written for being obvious, not for speed.
#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace quire::http::test::reference_syntax {

inline bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_alpha(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_hex(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}
inline bool is_in(char c, std::string_view set) {
  return c != '\0' && set.find(c) != set.npos;
}
inline bool is_tchar(char c) {
  return is_digit(c) || is_alpha(c) || is_in(c, "!#$%&'*+-.^_`|~");
}
inline bool is_high(char c) {
  return (c & 0x80) != 0;
}
inline bool is_text(char c) {
  return c == '\t' || is_high(c) || (c >= 0x20 && c < 0x7f);
}
inline bool is_blank(char c) {
  return c == ' ' || c == '\t';
}

inline std::string lower(std::string_view s) {
  std::string out(s);
  for (char& c : out) {
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  }
  return out;
}

inline std::string_view trim(std::string_view s) {
  while (!s.empty() && is_in(s.front(), " \t\r\n")) s.remove_prefix(1);
  while (!s.empty() && is_in(s.back(), " \t\r\n")) s.remove_suffix(1);
  return s;
}

inline std::vector<std::string> split(std::string_view s, char separator) {
  std::vector<std::string> parts(1);
  for (char const c : s) {
    if (c == separator)
      parts.emplace_back();
    else
      parts.back() += c;
  }
  return parts;
}

inline bool is_ipv4(std::string const& s) {
  auto const parts = split(s, '.');
  return parts.size() == 4 && std::all_of(parts.begin(), parts.end(), [](std::string const& p) {
           return !p.empty() && p.size() <= 3 && std::all_of(p.begin(), p.end(), is_digit) &&
                  std::stoi(p) <= 255;
         });
}

// The number of groups of 16 bits, or -1.
inline int count_groups(std::string const& s) {
  if (s.empty()) return 0;
  int groups = 0;
  auto const parts = split(s, ':');
  for (std::size_t i = 0; i < parts.size(); ++i) {
    if (i + 1 == parts.size() && parts[i].find('.') != std::string::npos) {
      if (!is_ipv4(parts[i])) return -1;
      groups += 2;
    } else {
      bool const good = !parts[i].empty() && parts[i].size() <= 4 &&
                        std::all_of(parts[i].begin(), parts[i].end(), is_hex);
      if (!good) return -1;
      ++groups;
    }
  }
  return groups;
}

inline bool is_ipv6(std::string const& s) {
  std::size_t const gap = s.find("::");
  if (gap == std::string::npos) return count_groups(s) == 8;
  std::string const before = s.substr(0, gap);
  std::string const after = s.substr(gap + 2);
  if (before.find('.') != std::string::npos || (!after.empty() && after.front() == ':'))
    return false;
  int const a = count_groups(before);
  int const b = count_groups(after);
  return a >= 0 && b >= 0 && a + b <= 7;
}

inline bool is_reg_name(std::string_view s) {
  for (std::size_t i = 0; i < s.size(); ++i) {
    if (s[i] == '%') {
      if (i + 2 >= s.size() || !is_hex(s[i + 1]) || !is_hex(s[i + 2])) return false;
      i += 2;
    } else if (!is_digit(s[i]) && !is_alpha(s[i]) && !is_in(s[i], "-._~!$&'()*+,;=")) {
      return false;
    }
  }
  return true;
}

// Splits host [ ":" port ]; false when it is none.
inline bool split_authority(std::string const& s, std::string& host, std::string& port) {
  std::string rest;
  if (!s.empty() && s[0] == '[') {
    std::size_t const close = s.find(']');
    if (close == std::string::npos) return false;
    host = s.substr(1, close - 1);
    rest = s.substr(close + 1);
    if (!host.empty() && (host[0] == 'v' || host[0] == 'V')) {
      std::size_t const dot = host.find('.');
      if (dot == std::string::npos || dot < 2 || dot + 1 == host.size()) return false;
      if (!std::all_of(host.begin() + 1, host.begin() + static_cast<std::ptrdiff_t>(dot), is_hex))
        return false;
      for (char const c : host.substr(dot + 1)) {
        if (c != ':' && (c == '%' || !is_reg_name(std::string(1, c)))) return false;
      }
    } else if (!is_ipv6(host)) {
      return false;
    }
  } else {
    std::size_t const colon = s.find(':');
    host = s.substr(0, colon);
    rest = colon == std::string::npos ? "" : s.substr(colon);
    if (!is_reg_name(host)) return false;
  }
  if (rest.empty()) return true;
  port = rest.substr(1);
  return rest[0] == ':' && std::all_of(port.begin(), port.end(), is_digit);
}

}  // namespace quire::http::test::reference_syntax
