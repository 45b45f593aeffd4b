#include <quire/parser/fields/uri.hpp>

#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

namespace quire::http {
namespace {

constexpr std::string_view hexadecimal_digits = "0123456789ABCDEF";

template <class Keep>
std::optional<std::size_t> encode(std::string_view text, std::span<char> out, Keep keep) noexcept {
  std::size_t size = 0;
  for (char const c : text) {
    bool const as_it_is = keep(c);
    if (out.size() - size < (as_it_is ? 1u : 3u)) return std::nullopt;
    if (as_it_is) {
      out[size++] = c;
      continue;
    }
    auto const octet = static_cast<unsigned char>(c);
    out[size++] = '%';
    out[size++] = hexadecimal_digits[octet >> 4];
    out[size++] = hexadecimal_digits[octet & 15];
  }
  return size;
}

}  // namespace

std::optional<std::size_t> percent_decode(std::string_view text, char* out) noexcept {
  std::size_t size = 0;
  for (std::size_t i = 0; i != text.size(); ++i) {
    char c = text[i];
    if (c == '%') {
      if (text.size() - i < 3 || !is(character_class::hex_digit, text[i + 1]) ||
          !is(character_class::hex_digit, text[i + 2])) {
        return std::nullopt;
      }
      c = static_cast<char>(hex_value(text[i + 1]) << 4 | hex_value(text[i + 2]));
      i += 2;
    }
    out[size++] = c;
  }
  return size;
}

// The steps A to E of the RFC. The output never overtakes the input, so both lie in `path`.
std::size_t remove_dot_segments(std::span<char> path) noexcept {
  std::string_view const text{path.data(), path.size()};
  std::size_t in = 0;
  std::size_t out = 0;
  auto const remove_last_segment = [&] {
    while (out != 0 && path[--out] != '/') {
    }
  };
  while (in != text.size()) {
    std::string_view const rest = slice(text, in);
    if (rest.starts_with("../")) {
      in += 3;
    } else if (rest.starts_with("./") || rest.starts_with("/./")) {
      in += 2;
    } else if (rest == "/.") {
      path[++in] = '/';
    } else if (rest.starts_with("/../")) {
      in += 3;
      remove_last_segment();
    } else if (rest == "/..") {
      path[in += 2] = '/';
      remove_last_segment();
    } else if (rest == "." || rest == "..") {
      break;
    } else {
      do {
        path[out++] = path[in++];
      } while (in != text.size() && path[in] != '/');
    }
  }
  return out;
}

std::optional<std::size_t> percent_encode_path(std::string_view path,
                                               std::span<char> out) noexcept {
  return encode(path, out, [](char c) { return is_path_octet(c); });
}

std::optional<std::size_t> percent_encode_query(std::string_view query,
                                                std::span<char> out) noexcept {
  return encode(query, out, [](char c) { return is_path_octet(c) || c == '?' || c == '%'; });
}

}  // namespace quire::http
