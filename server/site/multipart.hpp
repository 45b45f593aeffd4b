// The body of a 206 with several parts. RFC 9110, sections 14.6 and 15.3.7.2; RFC 2046, section
// 5.1.
//
//   multipart-body = 1*( [ CRLF ] "--" boundary CRLF part-fields CRLF content )
//                    CRLF "--" boundary "--" CRLF
//
// Each part has its Content-Type, Content-Encoding and Content-Range. Nothing here holds content.
#pragma once

#include <quire/parser/fields/range.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::server {

struct multipart {
  // Hexadecimal digits.
  std::array<char, 16> boundary;
  // Of each part; it stays as long as this.
  std::string_view media_type;
  // Of the whole representation.
  std::uint64_t length = 0;
  // Of what the parts are parts of; empty: none.
  std::string_view content_coding = {};

  std::string_view boundary_text() const noexcept { return {boundary.data(), boundary.size()}; }
};

// What write_part_head() and write_multipart_end() write at most, for the media types of the table.
inline constexpr std::size_t part_head_max = 512;

// A boundary that no other response is likely to have: `number` counts them, and `seed` is another
// one each time that the program starts.
[[nodiscard]] std::array<char, 16> make_boundary(std::uint64_t seed, std::uint64_t number) noexcept;

// What stands before the content of a part. Returns the size; nothing when `out` is too small.
[[nodiscard]] std::optional<std::size_t> write_part_head(multipart const& m,
                                                         http::byte_extent const& extent,
                                                         bool is_first,
                                                         std::span<char> out) noexcept;
// What stands behind the last part.
[[nodiscard]] std::optional<std::size_t> write_multipart_end(multipart const& m,
                                                             std::span<char> out) noexcept;

// The Content-Length of all. Costs a write of each head to memory that is thrown away.
[[nodiscard]] std::uint64_t multipart_length(multipart const& m,
                                             std::span<http::byte_extent const> extents) noexcept;

}  // namespace quire::server
