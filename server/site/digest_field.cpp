#include <quire/server/site/digest_field.hpp>

#include <quire/parser/fields/digest_preference.hpp>

namespace quire::server {
namespace {

// Base64 with padding (RFC 4648, section 4).
void append_base64(std::string& out, std::span<std::uint8_t const> bytes) {
  constexpr std::string_view alphabet =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    auto const byte = [&](std::size_t at) -> std::uint32_t {
      return at < bytes.size() ? bytes[at] : 0;
    };
    std::uint32_t const bits = byte(i) << 16 | byte(i + 1) << 8 | byte(i + 2);
    for (std::size_t n = 0; n != 4; ++n) {
      bool const is_padding = i + n > bytes.size();
      out += is_padding ? '=' : alphabet[bits >> (18 - 6 * n) & 63];
    }
  }
}

}  // namespace

std::optional<digest_algorithm> wanted_digest(std::string_view value) noexcept {
  std::optional<digest_algorithm> best;
  int best_preference = 0;
  for (digest_name const& n : digest_names) {
    int const preference = http::digest_preference(value, n.name).value_or(0);
    if (preference <= best_preference) continue;
    best_preference = preference;
    best = n.algorithm;
  }
  return best;
}

std::string digest_field_value(digest_algorithm algorithm, std::span<std::uint8_t const> digest) {
  std::string value(digest_names[static_cast<std::size_t>(algorithm)].name);
  value += "=:";
  append_base64(value, digest);
  value += ':';
  return value;
}

}  // namespace quire::server
