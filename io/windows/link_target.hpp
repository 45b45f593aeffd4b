// Where a symbolic link of Windows leads: read out of the reparse data that the file system keeps
// ([MS-FSCC], section 2.1.2). Pure, so that it is tested on every system with data made by hand.
//
// | reparse data                                | outcome                                      |
// |---------------------------------------------|----------------------------------------------|
// | a symbolic link, relative                   | its target, '/' between the names            |
// | a symbolic link, absolute; a mount point    | outside_root: no relative path leads there   |
// | data of any other kind, or cut off          | not_regular: what is there is no plain file  |
#pragma once

#include <quire/io/error.hpp>

#include <cstddef>
#include <span>

namespace quire::io::nt {

// The most that a file system keeps for one reparse point.
inline constexpr std::size_t reparse_data_max = 16 * 1024;

// Puts the target, in UTF-8, into `target` and its size into `size`. It may still climb, or begin
// with a '/': whoever walks it must look.
//
// Errors: see above; name_too_long when `target` is too small or the target is no Unicode text.
[[nodiscard]] error read_link_target(std::span<std::byte const> reparse_data,
                                     std::span<char> target, std::size_t& size) noexcept;

}  // namespace quire::io::nt
