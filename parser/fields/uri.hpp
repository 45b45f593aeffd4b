// The parts of URI syntax that a server needs: percent-encoding and dot segments. RFC 3986,
// sections 2.1 and 5.2.4.
//
// All work is on the caller's memory. Decoding and removing dot segments never make a text longer
// and may be done in place. Decode once and only once: what "%252e" decodes to is the text "%2e".
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace quire::http {

// Replaces each "%" and two hexadecimal digits by the octet that they state. `out` has room for
// text.size() octets and may be where `text` lies. Returns the number of octets; nothing when a "%"
// is not followed by two hexadecimal digits. Any octet can come out, NUL and "/" among them.
[[nodiscard]] std::optional<std::size_t> percent_decode(std::string_view text, char* out) noexcept;

// Removes "." and ".." segments by the algorithm of RFC 3986, section 5.2.4, in place. Returns the
// new size. What would climb above the root stays at the root.
[[nodiscard]] std::size_t remove_dot_segments(std::span<char> path) noexcept;

// Writes a decoded path as a URI states it: every octet that is not "/" or a pchar that stands for
// itself is encoded, "%" too. Returns the size; nothing when `out` is too small.
[[nodiscard]] std::optional<std::size_t> percent_encode_path(std::string_view path,
                                                             std::span<char> out) noexcept;

// Writes a query that is encoded already, but may hold octets that no URI may: those are encoded,
// and all else, "%" too, stays. Returns the size; nothing when `out` is too small.
[[nodiscard]] std::optional<std::size_t> percent_encode_query(std::string_view query,
                                                              std::span<char> out) noexcept;

}  // namespace quire::http
