// The way from a request-target to a path, on any input: the path never leaves the root, and the
// Location made of it never leaves the site and leads to the same path.
#include "expect.hpp"

#include <quire/server/site/directory_redirect.hpp>
#include <quire/server/site/media_type.hpp>
#include <quire/server/site/request_path.hpp>

#include <cstdint>
#include <string>
#include <string_view>

using namespace quire::server;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const target{reinterpret_cast<char const*>(data), size};
  char memory[256];
  auto const got = resolve_request_path(target, memory);
  if (got.verdict != path_verdict::ok) return 0;

  std::string const framed = "/" + std::string(got.path) + (got.is_directory() ? "" : "/");
  expect(framed.find("//") == std::string::npos || got.path.empty());
  expect(framed.find("/../") == std::string::npos && framed.find("/./") == std::string::npos);
  for (char const c : framed) {
    auto const octet = static_cast<unsigned char>(c);
    expect(octet >= 0x20 && octet != 0x7f && c != '\\');
  }
  expect(!media_type_of(got.path).text.empty());

  std::string location(size * 3 + 3 * sizeof memory, '\0');
  auto const location_size = write_directory_location(got, location);
  expect(location_size.has_value());
  location.resize(*location_size);
  expect(location.starts_with('/') && !location.starts_with("//"));
  char other_memory[257];
  auto const again = resolve_request_path(location, other_memory);
  expect(again.verdict == path_verdict::ok && again.is_directory());
  expect("/" + std::string(again.path) == framed || got.path.empty());
  return 0;
}
