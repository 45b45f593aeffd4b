// Range on any input: what is selected lies inside the representation, and coalescing changes no
// selected byte. The first octet of the input is the length of the representation.
#include "expect.hpp"

#include <quire/parser/fields/range.hpp>

#include <cstdint>
#include <string_view>
#include <vector>

using namespace quire::http;

namespace {

constexpr std::size_t ranges_max = 16;

std::vector<bool> selected_bytes(std::span<byte_extent const> extents, std::uint64_t length) {
  std::vector<bool> out(length);
  for (auto const& extent : extents) {
    for (std::uint64_t i = extent.first; i <= extent.last; ++i) out[i] = true;
  }
  return out;
}

void check(std::string_view value, std::uint64_t length) {
  byte_extent room[ranges_max];
  auto const resolved = resolve_ranges(value, length, room);
  expect(resolved.count <= ranges_max);
  expect((resolved.verdict == range_verdict::satisfiable) == (resolved.count != 0));
  std::span const extents{room, resolved.count};
  for (auto const& extent : extents) expect(extent.first <= extent.last && extent.last < length);

  auto const before = selected_bytes(extents, length);
  auto const left = extents.first(coalesce_extents(extents, 0));
  expect(selected_bytes(left, length) == before);
  for (auto const& a : left) {
    for (auto const& b : left) expect(&a == &b || a.last + 1 < b.first || b.last + 1 < a.first);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view const value{reinterpret_cast<char const*>(data) + 1, size - 1};
  check(value, data[0]);
  byte_extent room[ranges_max];
  auto const huge = resolve_ranges(value, UINT64_MAX, room);
  for (std::size_t i = 0; i != huge.count; ++i) expect(room[i].first <= room[i].last);
  return 0;
}
