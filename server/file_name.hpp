// The path that a request asks for, in a page of the pool, and the names of the files that belong
// to it.
//
// One name is written at a time, where the path is: it is valid until the next one is asked for.
#pragma once

#include <quire/buffer/page_pool.hpp>
#include <quire/server/file_entry.hpp>
#include <quire/server/site/content_coding.hpp>

#include <cstddef>
#include <string_view>

namespace quire::server {

class file_name {
 public:
  // What is appended to a path: the name of an index file, an extension, and a NUL.
  static constexpr std::size_t path_max =
      page_pool::page_size - index_name.size() - coding_extension_max - 1;

  // Memory for the path. The page stays the caller's.
  void place(page& memory) noexcept { text_ = memory.first(); }
  // The first `size` bytes of it are the path: of a directory's index file when it is empty or ends
  // in a slash.
  void set(std::size_t size) noexcept {
    path_size_ = size;
    coding_ = content_coding::identity;
  }
  // From now on the file's form in this coding is meant.
  void set(content_coding coding) noexcept { coding_ = coding; }

  content_coding coding() const noexcept { return coding_; }
  std::string_view path() const noexcept { return {text_, path_size_}; }
  // The name of the file below the root.
  std::string_view file() noexcept { return file(coding_); }
  std::string_view file(content_coding coding) noexcept {
    std::size_t size = path_size_;
    auto const append = [&](std::string_view s) {
      size += s.copy(text_ + size, s.size());  // Takes an empty text, too.
    };
    if (names_index()) append(index_name);
    append(name_of(coding).extension);
    return {text_, size};
  }
  // What the cache knows it by.
  std::string_view key() noexcept {
    if (coding_ == content_coding::identity) return path();
    std::string_view const name = file();
    text_[name.size()] = '\0';
    return {text_, name.size() + 1};
  }
  // The path means the index file of a directory.
  bool names_index() const noexcept { return path_size_ == 0 || text_[path_size_ - 1] == '/'; }

 private:
  char* text_ = nullptr;
  std::size_t path_size_ = 0;
  content_coding coding_ = content_coding::identity;
};

}  // namespace quire::server
