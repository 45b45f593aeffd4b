// The methods of RFC 9110, section 9.3, and PATCH (RFC 5789), as numbers.
//
// Any token is a method; those without a number here are `other`, their text is in the node.
#pragma once

#include <quire/parser/word.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace quire::http {

enum class method : std::uint8_t {
  other,
  get,
  head,
  post,
  put,
  delete_,
  connect,
  options,
  trace,
  patch
};

inline constexpr std::array<std::string_view, 10> method_names = {
    "", "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"};

constexpr std::string_view to_string(method m) noexcept {
  return method_names[static_cast<std::size_t>(m)];
}

// Methods are case-sensitive (RFC 9110, 9.1).
constexpr method method_of(std::string_view text) noexcept {
  for (std::size_t i = 1; i < method_names.size(); ++i) {
    if (method_names[i] == text) return static_cast<method>(i);
  }
  return method::other;
}

namespace detail {

inline constexpr std::uint64_t method_words[method_names.size()] = {0,
                                                                    word_of("GET"),
                                                                    word_of("HEAD"),
                                                                    word_of("POST"),
                                                                    word_of("PUT"),
                                                                    word_of("DELETE"),
                                                                    word_of("CONNECT"),
                                                                    word_of("OPTIONS"),
                                                                    word_of("TRACE"),
                                                                    word_of("PATCH")};

// The same for a method of 1 to 7 octets in a word, as load8() gives it, the others zero.
[[gnu::always_inline]] constexpr method known_method(std::uint64_t word) noexcept {
  for (std::size_t i = 1; i < method_names.size(); ++i) {
    if (word == method_words[i]) return static_cast<method>(i);
  }
  return method::other;
}

}  // namespace detail
}  // namespace quire::http
