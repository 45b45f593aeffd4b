// What a Range field selects of the answer to a GET. RFC 9110, sections 14.2, 15.3.7 and 15.5.17.
//
// A field that is malformed, of another unit, or that asks for more ranges than there is room for
// is ignored. Ranges that overlap, touch, or lie closer together than another part's head would
// cost are made one (sections 14.2 and 17.15); so no set of ranges makes the server send a byte
// twice.
#pragma once

#include <quire/parser/fields/range.hpp>
#include <quire/server/site/conditional.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::server {

enum class range_selection : std::uint8_t {
  whole,          // 200
  one_part,       // 206 with Content-Range
  several_parts,  // 206 as multipart/byteranges
  unsatisfiable,  // 416 with Content-Range: bytes */length
};

struct selected_ranges {
  range_selection selection = range_selection::whole;
  std::span<http::byte_extent const> extents;  // in `room`; of one_part and several_parts
};

// Ranges closer together than this are sent as one.
inline constexpr std::uint64_t part_head_size = 80;

// The most range-specs that are looked at; a field with more is ignored.
inline constexpr std::size_t ranges_max = 16;

// `range` is the field of a GET request, nothing when there is none or the method is another, for
// which Range is not defined; `verdict` is proceed or ignore_range; `length` that of the selected
// representation. room.size() bounds the range-specs.
[[nodiscard]] selected_ranges select_ranges(std::optional<std::string_view> range,
                                            precondition_verdict verdict, std::uint64_t length,
                                            std::span<http::byte_extent> room) noexcept;

}  // namespace quire::server
