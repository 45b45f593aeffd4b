#include <quire/server/json_text.hpp>

#include <cstddef>
#include <cstdint>

namespace quire::server {
namespace {

struct sequence {
  std::size_t size;  // 0: not well-formed.
  std::uint32_t code_point;
};

// The character that starts at octets[at]. RFC 3629.
sequence decode(std::string_view octets, std::size_t at) noexcept {
  auto const octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
  unsigned const lead = octet(at);
  if (lead < 0x80) return {1, lead};
  std::size_t const size = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
  if (lead < 0xc2 || lead > 0xf4 || octets.size() - at < size) return {0, 0};
  std::uint32_t code_point = lead & (0x7fu >> size);
  for (std::size_t i = 1; i < size; ++i) {
    if ((octet(at + i) & 0xc0) != 0x80) return {0, 0};
    code_point = code_point << 6 | (octet(at + i) & 0x3fu);
  }
  bool const overlong = (size == 3 && code_point < 0x800) || (size == 4 && code_point < 0x10000);
  bool const surrogate = code_point >= 0xd800 && code_point < 0xe000;
  return overlong || surrogate || code_point > 0x10ffff ? sequence{0, 0}
                                                        : sequence{size, code_point};
}

bool needs_escape(std::uint32_t c) noexcept {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || c == 0x2028 || c == 0x2029;
}

}  // namespace

bool is_utf8(std::string_view octets) noexcept {
  for (std::size_t at = 0; at < octets.size();) {
    std::size_t const size = decode(octets, at).size;
    if (size == 0) return false;
    at += size;
  }
  return true;
}

void append_json_text(std::string& out, std::string_view text) {
  static constexpr char digits[] = "0123456789abcdef";
  for (std::size_t at = 0; at < text.size();) {
    auto const [size, c] = decode(text, at);
    if (c == '"' || c == '\\') {
      out += '\\';
      out += static_cast<char>(c);
    } else if (c == '\r' || c == '\n' || c == '\t') {
      out += c == '\r' ? "\\r" : c == '\n' ? "\\n" : "\\t";
    } else if (needs_escape(c)) {
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += digits[c >> shift & 15];
    } else {
      out += text.substr(at, size);
    }
    at += size;
  }
}

void append_base64(std::string& out, std::string_view octets) {
  static constexpr char alphabet[] =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t at = 0; at < octets.size(); at += 3) {
    std::size_t const there = octets.size() - at < 3 ? octets.size() - at : 3;
    std::uint32_t group = 0;
    for (std::size_t i = 0; i < 3; ++i) {
      group = group << 8 | (i < there ? static_cast<unsigned char>(octets[at + i]) : 0u);
    }
    for (std::size_t i = 0; i < 4; ++i) {
      out += i <= there ? alphabet[group >> (18 - 6 * i) & 63] : '=';
    }
  }
}

void append_json_octets(std::string& out, std::string_view octets) {
  if (is_utf8(octets)) {
    out += "\"text\":\"";
    append_json_text(out, octets);
  } else {
    out += "\"base64\":\"";
    append_base64(out, octets);
  }
  out += '"';
}

}  // namespace quire::server
