#include <quire/io/windows/link_target.hpp>
#include <quire/io/windows/utf16.hpp>

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>

namespace quire::io::nt {
namespace {

constexpr std::uint32_t tag_symbolic_link = 0xa000000c;
constexpr std::uint32_t tag_mount_point = 0xa0000003;
constexpr std::uint32_t flag_relative = 1;

constexpr std::size_t header_size = 8;  // Tag, size of the data, reserved.
constexpr std::size_t link_size = 12;   // Where the two names are, flags.

std::uint32_t little_endian(std::span<std::byte const> data, std::size_t at,
                            std::size_t size) noexcept {
  std::uint32_t value = 0;
  for (std::size_t i = size; i-- != 0;) {
    value = value << 8 | std::to_integer<std::uint32_t>(data[at + i]);
  }
  return value;
}

// The name that is opened, besides the one that people are shown.
error read_substitute_name(std::span<std::byte const> data, std::span<char> target,
                           std::size_t& size) noexcept {
  std::size_t const first = link_size + little_endian(data, 0, 2);
  std::size_t const octets = little_endian(data, 2, 2);
  std::array<char16_t, reparse_data_max / 2> name;
  if (octets % 2 != 0 || first + octets > data.size()) return error::not_regular;
  for (std::size_t i = 0; i != octets / 2; ++i) {
    auto const unit = static_cast<char16_t>(little_endian(data, first + 2 * i, 2));
    name[i] = unit == u'\\' ? u'/' : unit;
  }
  auto const written = to_utf8({name.data(), octets / 2}, target);
  if (!written) return error::name_too_long;
  size = *written;
  return error::none;
}

}  // namespace

error read_link_target(std::span<std::byte const> reparse_data, std::span<char> target,
                       std::size_t& size) noexcept {
  if (reparse_data.size() < header_size || reparse_data.size() > reparse_data_max) {
    return error::not_regular;
  }
  std::uint32_t const tag = little_endian(reparse_data, 0, 4);
  std::size_t const data_size = little_endian(reparse_data, 4, 2);
  if (tag == tag_mount_point) return error::outside_root;
  std::span<std::byte const> const data = reparse_data.subspan(header_size);
  if (tag != tag_symbolic_link || data_size > data.size() || data_size < link_size) {
    return error::not_regular;
  }
  if ((little_endian(data, 8, 4) & flag_relative) == 0) return error::outside_root;
  return read_substitute_name(data.first(data_size), target, size);
}

}  // namespace quire::io::nt
