// Change notices of the kernel: one source file for each that has them, one for those that have
// none.
#pragma once

#include <quire/io/change_notice.hpp>

#include <cstddef>
#include <string_view>

namespace quire::io::posix {

// A descriptor, never waited for, from which notices are read; or a negated errno.
[[nodiscard]] int open_notices() noexcept;

// Watches the directory at `path` below `directory`, to which no link and no mount point may lead;
// empty: that one itself. May wait for a disk. The number of the watch, or a negated errno:
// -EOPNOTSUPP on a file system of which it is not known that it tells of all changes.
[[nodiscard]] int watch_beneath(int notices, int directory, std::string_view path) noexcept;
void forget_watch(int notices, int number) noexcept;

// Takes the notice at `position` of what was read, which moves behind it; false when it tells
// nothing.
[[nodiscard]] bool read_notice(char const* events, std::size_t& position,
                               change_notice& out) noexcept;

}  // namespace quire::io::posix
