// Entries of scatter and gather lists: memory that an I/O call fills, or sends.
//
// They have the meaning of POSIX's iovec and Windows' WSABUF without naming either; a back end
// translates them, or passes them on where the layout is the same.
#pragma once

#include <cstddef>

namespace quire {

struct mutable_span {
  char* data = nullptr;
  std::size_t size = 0;
};

struct const_span {
  char const* data = nullptr;
  std::size_t size = 0;
};

}  // namespace quire
