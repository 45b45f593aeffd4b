// What a walk along a path still has before it: names, and in their places the targets of the
// symbolic links that it comes upon. For back ends that open a path component by component.
//
// Names are separated by '/'; empty names and "." count for nothing; ".." is a name like others,
// for who walks to obey. Memory for one path, nothing allocated.
#pragma once

#include <quire/io/error.hpp>

#include <array>
#include <cstddef>
#include <cstring>
#include <string_view>

namespace quire::io {

// The longest path, with its terminating zero.
inline constexpr std::size_t path_size_max = 4096;

class remaining_path {
 public:
  // Begins with a path. Errors: not_found when it is empty or has a zero inside; those of follow().
  [[nodiscard]] error assign(std::string_view path) noexcept {
    if (path.empty() || path.find('\0') != std::string_view::npos) return error::not_found;
    return prepend(path);
  }

  // The next name, terminated by a zero, valid until follow() or the next call; nullptr at the end.
  char const* next() noexcept {
    for (;;) {
      while (first_ != end && text_[first_] == '/') ++first_;
      if (first_ == end) return nullptr;
      char* const name = text_.data() + first_;
      while (first_ != end && text_[first_] != '/') ++first_;
      is_last_ = first_ == end;
      if (!is_last_) ++first_;
      text_[is_last_ ? end : first_ - 1] = '\0';
      if (std::strcmp(name, ".") != 0) return name;
    }
  }

  // Nothing follows the name, not even a slash.
  bool is_last() const noexcept { return is_last_; }

  // The name that next() returned is a link: its target takes its place. Errors: outside_root when
  // the target is absolute, name_too_long when there is no room, too_many_links.
  [[nodiscard]] error follow(std::string_view target) noexcept {
    if (++links_ > links_max) return error::too_many_links;
    if (!is_last_) text_[--first_] = '/';
    return prepend(target);
  }

 private:
  static constexpr int links_max = 40;  // As Linux allows.
  static constexpr std::size_t end = path_size_max;

  error prepend(std::string_view path) noexcept {
    if (path.starts_with('/')) return error::outside_root;
    if (path.size() > first_) return error::name_too_long;
    first_ -= path.size();
    std::memcpy(text_.data() + first_, path.data(), path.size());
    return error::none;
  }

  int links_ = 0;
  bool is_last_ = false;
  std::size_t first_ = end;
  std::array<char, path_size_max + 1> text_;
};

}  // namespace quire::io
