#include <quire/server/site/windows_name.hpp>

#include <quire/parser/fields/caseless.hpp>

#include <cstddef>

namespace quire::server {
namespace {

// Devices that take a number from 0 to 9; superscript one, two and three (U+00B9, U+00B2, U+00B3)
// count as digits.
bool is_numbered_device(std::string_view name) noexcept {
  if (!http::starts_with_caseless(name, "com") && !http::starts_with_caseless(name, "lpt")) {
    return false;
  }
  std::string_view const number = name.substr(3);
  return (number.size() == 1 && number[0] >= '0' && number[0] <= '9') || number == "\xc2\xb9" ||
         number == "\xc2\xb2" || number == "\xc2\xb3";
}

bool is_device(std::string_view name) noexcept {
  std::string_view base = name.substr(0, name.find('.'));
  while (base.ends_with(' ')) base.remove_suffix(1);
  for (std::string_view const device :
       {"con", "prn", "aux", "nul", "conin$", "conout$", "clock$"}) {
    if (http::equal_caseless(base, device)) return true;
  }
  return is_numbered_device(base);
}

// NAME~1: a tilde and a digit, as in the short names of the 8.3 form.
bool may_be_short_name(std::string_view name) noexcept {
  for (std::size_t i = 1; i < name.size(); ++i) {
    if (name[i - 1] == '~' && name[i] >= '0' && name[i] <= '9') return true;
  }
  return false;
}

bool is_hostile_name(std::string_view name) noexcept {
  return name.ends_with('.') || name.ends_with(' ') ||
         name.find_first_of("\\:*?\"<>|") != std::string_view::npos || is_device(name) ||
         may_be_short_name(name);
}

}  // namespace

bool is_hostile_on_windows(std::string_view path) noexcept {
  while (!path.empty()) {
    std::size_t const slash = path.find('/');
    if (is_hostile_name(path.substr(0, slash))) return true;
    if (slash == std::string_view::npos) return false;
    path.remove_prefix(slash + 1);
  }
  return false;
}

}  // namespace quire::server
