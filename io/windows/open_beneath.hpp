// Opens files so that no spelling of a path leads out of a directory (clause 17).
#pragma once

#include <quire/io/error.hpp>
#include <quire/io/windows/handle.hpp>

#include <array>
#include <cstddef>
#include <string_view>

namespace quire::io::nt {

inline constexpr std::size_t path_size_max = 4096;

// A path of UTF-8 in UTF-16, '/' become '\', with a zero at its end.
class wide_path {
 public:
  // Errors: name_too_long; not_found when it is no UTF-8 or has a zero inside.
  [[nodiscard]] error assign(std::string_view path) noexcept;
  wchar_t* data() noexcept { return text_.data(); }
  std::size_t size() const noexcept { return size_; }

 private:
  std::array<wchar_t, path_size_max> text_;
  std::size_t size_ = 0;
};

// Opens a file or directory for overlapped reads. May wait for a disk.
[[nodiscard]] error open_beneath(handle directory, std::string_view path, handle& out) noexcept;

}  // namespace quire::io::nt
