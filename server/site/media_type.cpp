#include <quire/server/site/media_type.hpp>

#include <quire/parser/characters.hpp>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <iterator>

namespace quire::server {
namespace {

struct extension_entry {
  std::string_view extension;  // in lower case, without the dot
  std::uint16_t type;          // index into media_types
};

// Defines media_types, sorted by nothing, and extensions, sorted by extension.
#include "media_types.inc"

constexpr bool is_before(extension_entry const& a, extension_entry const& b) noexcept {
  return a.extension < b.extension;
}
static_assert(std::is_sorted(std::begin(extensions), std::end(extensions), is_before));

// What a file's name ends with, after its last dot; empty when it has no extension.
std::string_view extension_of(std::string_view path) noexcept {
  std::string_view const name = path.substr(path.rfind('/') + 1);
  std::size_t const dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0) return {};
  return name.substr(dot + 1);
}

}  // namespace

media_type media_type_of(std::string_view path) noexcept {
  std::string_view const extension = extension_of(path);
  char lower[extension_size_max];
  if (extension.empty() || extension.size() > sizeof lower) return unknown_media_type;
  std::transform(extension.begin(), extension.end(), lower, http::to_lower);
  extension_entry const wanted = {{lower, extension.size()}, 0};
  auto const* const found =
      std::lower_bound(std::begin(extensions), std::end(extensions), wanted, is_before);
  if (found == std::end(extensions) || found->extension != wanted.extension) {
    return unknown_media_type;
  }
  return media_types[found->type];
}

}  // namespace quire::server
