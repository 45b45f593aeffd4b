// The pages that the operating system maps memory in.
#pragma once

#include <unistd.h>

#include <cstddef>

namespace quire::io::posix {

inline std::size_t system_page_size() noexcept {
  static std::size_t const size = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  return size;
}

// A size in bytes, rounded up to whole pages.
inline std::size_t in_system_pages(std::size_t size) noexcept {
  std::size_t const page = system_page_size();
  return (size + page - 1) / page * page;
}

}  // namespace quire::io::posix
