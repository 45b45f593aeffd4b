#include <quire/parser/fields/request_target.hpp>

#include <quire/parser/fields/host.hpp>
#include <quire/parser/fields/octets.hpp>
#include <quire/parser/fields/slice.hpp>

#include <cstddef>

namespace quire::http {
namespace {

bool has_only_target_octets(std::string_view target) noexcept {
  for (char const c : target) {
    auto const octet = static_cast<unsigned char>(c);
    if (octet <= 0x20 || octet == 0x7f || octet == '#') return false;
  }
  return true;
}

void split_query(std::string_view path_and_query, request_target_parts& out) noexcept {
  std::size_t const mark = index_of(path_and_query, "?");
  out.path = slice(path_and_query, 0, mark);
  out.has_query = mark != path_and_query.size();
  out.query = slice(path_and_query, mark + 1);
}

bool split_authority(std::string_view authority, request_target_parts& out) noexcept {
  auto const parts = parse_host(authority);
  if (!parts || parts->host.empty()) return false;
  out.authority = authority;
  out.host = parts->host;
  out.port = parts->port;
  return true;
}

// scheme = ALPHA *( ALPHA / DIGIT / "+" / "-" / "." )
bool is_scheme(std::string_view text) noexcept {
  if (text.empty() || !is(character_class::alpha, text.front())) return false;
  for (char const c : text) {
    if (!is(character_class::alpha, c) && !is(character_class::digit, c) && c != '+' && c != '-' &&
        c != '.') {
      return false;
    }
  }
  return true;
}

bool split_absolute(std::string_view target, request_target_parts& out) noexcept {
  std::size_t const colon = index_of(target, ":");
  out.form = target_form::absolute;
  out.scheme = slice(target, 0, colon);
  std::string_view rest = slice(target, colon);
  if (!is_scheme(out.scheme) || !rest.starts_with("://")) return false;
  rest.remove_prefix(3);
  std::size_t const end = index_of(rest, "/?");
  if (!split_authority(slice(rest, 0, end), out)) return false;
  split_query(slice(rest, end), out);
  return true;
}

}  // namespace

std::optional<request_target_parts> split_request_target(std::string_view target,
                                                         std::string_view method) noexcept {
  request_target_parts out;
  if (target.empty() || !has_only_target_octets(target)) return std::nullopt;
  if (method == "CONNECT") {
    out.form = target_form::authority;
    if (!split_authority(target, out) || out.port.empty()) return std::nullopt;
  } else if (target.front() == '/') {
    split_query(target, out);
  } else if (target == "*") {
    out.form = target_form::asterisk;
    if (method != "OPTIONS") return std::nullopt;
  } else if (!split_absolute(target, out)) {
    return std::nullopt;
  }
  return out;
}

}  // namespace quire::http
