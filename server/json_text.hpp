// Octets as a member of a JSON object: as text where they are UTF-8, else in base64. RFC 8259, RFC
// 4648.
#pragma once

#include <string>
#include <string_view>

namespace quire::server {

// True for well-formed UTF-8: no overlong form, no surrogate, nothing above U+10FFFF.
bool is_utf8(std::string_view octets) noexcept;

// Appends the characters of a JSON string, without the quotes. Control characters and the
// separators that some readers take for line ends are escaped. Requires: is_utf8(text).
void append_json_text(std::string& out, std::string_view text);

void append_base64(std::string& out, std::string_view octets);

// Appends "text":"..." or "base64":"...".
void append_json_octets(std::string& out, std::string_view octets);

}  // namespace quire::server
