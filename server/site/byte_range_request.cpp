#include <quire/server/site/byte_range_request.hpp>

namespace quire::server {

selected_ranges select_ranges(std::optional<std::string_view> range, precondition_verdict verdict,
                              std::uint64_t length, std::span<http::byte_extent> room) noexcept {
  if (!range || verdict != precondition_verdict::proceed) return {};
  auto const resolved = http::resolve_ranges(*range, length, room);
  switch (resolved.verdict) {
    case http::range_verdict::ignored:
    case http::range_verdict::whole:
    case http::range_verdict::too_many:
      return {};
    case http::range_verdict::unsatisfiable:
      return {range_selection::unsatisfiable, {}};
    case http::range_verdict::satisfiable:
      break;
  }
  auto const count = http::coalesce_extents(room.first(resolved.count), part_head_size);
  return {count == 1 ? range_selection::one_part : range_selection::several_parts,
          room.first(count)};
}

}  // namespace quire::server
