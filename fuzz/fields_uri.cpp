// URI syntax on any input: decoding in place and apart agree, what is encoded decodes to what it
// was, no dot segment stays, the parts of a request-target make the target again.
#include "expect.hpp"

#include <quire/parser/fields/host.hpp>
#include <quire/parser/fields/request_target.hpp>
#include <quire/parser/fields/uri.hpp>

#include <cstdint>
#include <string>
#include <string_view>

using namespace quire::http;

namespace {

void check_percent_encoding(std::string_view text) {
  std::string apart(text.size(), '\0');
  std::string in_place(text);
  auto const size = percent_decode(text, apart.data());
  expect(percent_decode(in_place, in_place.data()) == size);
  if (size) expect(apart.compare(0, *size, in_place, 0, *size) == 0);

  std::string encoded(text.size() * 3, '\0');
  auto const encoded_size = percent_encode_path(text, encoded);
  expect(encoded_size.has_value());
  std::string decoded(*encoded_size, '\0');
  auto const decoded_size =
      percent_decode(std::string_view(encoded).substr(0, *encoded_size), decoded.data());
  expect(decoded_size == text.size() && decoded.compare(0, *decoded_size, text) == 0);

  auto const query_size = percent_encode_query(text, encoded);
  expect(query_size.has_value());
  for (char const c : std::string_view(encoded).substr(0, *query_size)) {
    expect(c > 0x20 && c < 0x7f && c != '"' && c != '<' && c != '>' && c != '\\');
  }
}

void check_dot_segments(std::string_view text) {
  std::string path(text);
  path.resize(remove_dot_segments(path));
  expect(("/" + path + "/").find("/../") == std::string::npos);
  expect(("/" + path + "/").find("/./") == std::string::npos);
  std::string again = path;
  again.resize(remove_dot_segments(again));
  expect(again == path);
}

void check_target(std::string_view text, std::string_view method) {
  auto const parts = split_request_target(text, method);
  if (!parts) return;
  std::string joined;
  if (parts->form == target_form::absolute) joined.append(parts->scheme).append("://");
  joined.append(parts->authority).append(parts->path);
  if (parts->form == target_form::asterisk) joined += '*';
  if (parts->has_query) joined.append("?").append(parts->query);
  expect(joined == text);
}

void check_host(std::string_view text) {
  auto const parts = parse_host(text);
  if (!parts) return;
  std::string joined(parts->host);
  if (text.size() != parts->host.size()) joined.append(":").append(parts->port);
  expect(joined == text);
  expect(parts->port_number <= 65535 && (parts->port_number == -1) == parts->port.empty());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text{reinterpret_cast<char const*>(data), size};
  check_percent_encoding(text);
  check_dot_segments(text);
  for (std::string_view const method : {"GET", "CONNECT", "OPTIONS"}) check_target(text, method);
  check_host(text);
  return 0;
}
