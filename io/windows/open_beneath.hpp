// Opens files so that no spelling of a path and no symbolic link leads out of a directory (clause
// 17), and so that a file is opened by its own name only.
//
// Windows has no call that confines a path, so the path is walked: each name is opened relative to
// the handle of the directory before it, and never through a link. A symbolic link is read and its
// target walked in turn, by the policy of the other platforms: one that stays below the directory
// is followed, one that is absolute or climbs out is refused; so is every mount point. At the end
// the system is asked for the name of what is open: it must be the names that were walked, letter
// by letter, or else it was opened by another spelling of case, by a short name, or through a link
// that something else followed (a file server, Wine).
//
// Nothing that is renamed meanwhile leads out: what is open stays open, and each step starts from
// it. What is neither a file nor a directory of a disk is closed unread, and opening waits for no
// other process (pipes, oplocks).
#pragma once

#include <quire/io/error.hpp>
#include <quire/io/remaining_path.hpp>
#include <quire/io/windows/handle.hpp>

#include <array>
#include <cstddef>
#include <memory>
#include <string_view>

namespace quire::io::nt {

// A path in UTF-16 with a zero at its end, as system calls want it.
class wide_path {
 public:
  // Errors: name_too_long; not_found when it is no UTF-8 or has a zero inside.
  [[nodiscard]] error assign(std::string_view path) noexcept;
  wchar_t const* c_str() const noexcept { return text_.data(); }

 private:
  std::array<wchar_t, path_size_max> text_;
};

// The directory below which files are opened.
struct root {
  handle directory = nullptr;
  std::u16string_view name;  // As the system has it, below the volume; '\\' at its end only when it
                             // is the top of one.
};

// Memory for the name of a root, used again as long as it is large enough.
struct root_name {
  std::unique_ptr<char16_t[]> text;
  std::size_t capacity = 0;
};

// Makes a root of an open directory; its name lies in `memory`. The handle stays the caller's.
[[nodiscard]] error make_root(handle directory, root& out, root_name& memory) noexcept;

// Opens a file or directory for overlapped reads; '/' separates, UTF-8. May wait for a disk.
//
// Errors besides those of the system: outside_root; not_found for a name that is not spelled as the
// directory has it, or that Windows reads as something else (name.hpp); not_regular.
[[nodiscard]] error open_beneath(root const& top, std::string_view path, handle& out) noexcept;

}  // namespace quire::io::nt
