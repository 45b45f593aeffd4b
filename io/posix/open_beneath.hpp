// Opens files so that no spelling of a path and no symbolic link leads out of a directory (clause
// 17).
//
// The kernel does it where it can (openat2). Elsewhere the path is walked component by component,
// each opened without following links; links are read and walked in turn, so that the policy is the
// same: a link that stays below the directory is followed, one that is absolute or climbs out is
// refused.
#pragma once

#include <quire/io/remaining_path.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace quire::io::posix {

// A path with a zero at its end, as system calls want it.
class terminated_path {
 public:
  // A negated errno when the path is too long or has a zero inside; 0 otherwise.
  [[nodiscard]] int assign(std::string_view path) noexcept;
  char const* c_str() const noexcept { return text_.data(); }

 private:
  std::array<char, path_size_max> text_;
};

// Returns a descriptor or a negated errno: -EXDEV when the path leads out. May wait for a disk.
// `one_path`: as open_confined() says; false where that cannot be told.
[[nodiscard]] int open_beneath(int directory, std::string_view path, bool& one_path) noexcept;

// The walk by itself.
[[nodiscard]] int walk_beneath(int directory, std::string_view path) noexcept;

}  // namespace quire::io::posix
