#include <quire/io/windows/name.hpp>

#include <algorithm>
#include <cstddef>

namespace quire::io::nt {
namespace {

bool equal_caseless(std::string_view name, std::string_view lower_case) noexcept {
  return std::equal(
      name.begin(), name.end(), lower_case.begin(), lower_case.end(),
      [](char a, char b) { return (a >= 'A' && a <= 'Z' ? a + ('a' - 'A') : a) == b; });
}

// Devices that take a number from 0 to 9; superscript one, two and three (U+00B9, U+00B2, U+00B3)
// count as digits.
bool is_numbered_device(std::string_view name) noexcept {
  if (!equal_caseless(name.substr(0, 3), "com") && !equal_caseless(name.substr(0, 3), "lpt")) {
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
    if (equal_caseless(base, device)) return true;
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

bool has_special_octet(std::string_view name) noexcept {
  return std::any_of(name.begin(), name.end(), [](char c) {
    return static_cast<unsigned char>(c) < 0x20 ||
           std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos;
  });
}

}  // namespace

bool is_hostile_name(std::string_view name) noexcept {
  return name.empty() || name.ends_with('.') || name.ends_with(' ') || has_special_octet(name) ||
         is_device(name) || may_be_short_name(name);
}

}  // namespace quire::io::nt
