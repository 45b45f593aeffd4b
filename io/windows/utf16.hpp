// Between UTF-8, which is what names are in this library, and UTF-16, which is what Windows takes.
//
// Strict both ways (RFC 3629): what is no Unicode text has no translation, so that two spellings
// never become one name. Pure, so that it is tested on every system. Nothing is allocated.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace quire::io::nt {

// How many units were written. Nothing when the text is not well-formed (overlong, a surrogate,
// beyond U+10FFFF, cut off) or `out` is too small.
[[nodiscard]] std::optional<std::size_t> to_utf16(std::string_view text,
                                                  std::span<char16_t> out) noexcept;

// How many octets were written. Nothing when a surrogate stands alone or `out` is too small.
[[nodiscard]] std::optional<std::size_t> to_utf8(std::u16string_view text,
                                                 std::span<char> out) noexcept;

}  // namespace quire::io::nt
