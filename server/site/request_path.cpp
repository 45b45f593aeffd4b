#include <quire/server/site/request_path.hpp>

#include <quire/parser/characters.hpp>
#include <quire/parser/fields/request_target.hpp>

#include <cstddef>

namespace quire::server {
namespace {

using http::character_class;

// Decodes the segment at the start of `raw`, up to a slash or the end, to `memory` at `used`.
path_verdict take_segment(std::string_view& raw, std::span<char> memory,
                          std::size_t& used) noexcept {
  std::size_t i = 0;
  for (; i != raw.size() && raw[i] != '/'; ++i) {
    char c = raw[i];
    bool const encoded = c == '%';
    if (encoded) {
      if (raw.size() - i < 3 || !http::is(character_class::hex_digit, raw[i + 1]) ||
          !http::is(character_class::hex_digit, raw[i + 2])) {
        return path_verdict::malformed;
      }
      c = static_cast<char>(http::hex_value(raw[i + 1]) << 4 | http::hex_value(raw[i + 2]));
      i += 2;
    }
    auto const octet = static_cast<unsigned char>(c);
    if (octet < 0x20 || octet == 0x7f) return path_verdict::malformed;
    if (c == '\\' && !encoded) return path_verdict::malformed;
    if (c == '\\' || c == '/') return path_verdict::no_such_name;
    if (used == memory.size()) return path_verdict::too_long;
    memory[used++] = c;
  }
  raw.remove_prefix(i);
  return path_verdict::ok;
}

// Where the last segment of a path that ends with a slash begins: "a/b/" → 2.
std::size_t last_segment(std::span<char const> path) noexcept {
  std::size_t i = path.size() - 1;
  while (i != 0 && path[i - 1] != '/') --i;
  return i;
}

bool is_hidden(std::string_view path) noexcept {
  for (std::size_t first = 0; first < path.size();) {
    std::size_t const slash = path.find('/', first);
    std::size_t const last = slash == std::string_view::npos ? path.size() : slash;
    std::string_view const name = path.substr(first, last - first);
    if (name.starts_with('.') && !(first == 0 && name == ".well-known")) return true;
    first = last + 1;
  }
  return false;
}

}  // namespace

request_path resolve_request_path(std::string_view target, std::span<char> memory) noexcept {
  request_path out;
  auto const parts = http::split_request_target(target, "GET");
  if (!parts) return {path_verdict::malformed, false, {}, {}};
  out.has_query = parts->has_query;
  out.query = parts->query;

  // `memory` holds whole segments, each with its slash, up to `used`; each turn adds one.
  std::size_t used = 0;
  for (std::string_view raw = parts->path; !raw.empty();) {
    while (!raw.empty() && raw.front() == '/') raw.remove_prefix(1);
    std::size_t const first = used;
    out.verdict = take_segment(raw, memory, used);
    if (out.verdict != path_verdict::ok) return out;
    std::string_view const name{memory.data() + first, used - first};
    if (name == "." || name == "..") {
      if (name == ".." && first == 0) {
        out.verdict = path_verdict::above_the_root;
        return out;
      }
      used = name == ".." ? last_segment(memory.first(first)) : first;
    } else if (!raw.empty()) {
      if (used == memory.size()) {
        out.verdict = path_verdict::too_long;
        return out;
      }
      memory[used++] = '/';
    }
  }
  out.path = {memory.data(), used};
  if (is_hidden(out.path)) out.verdict = path_verdict::hidden;
  return out;
}

}  // namespace quire::server
