// Entries of scatter and gather lists: memory that an I/O call fills, or sends.
//
// They have the meaning of POSIX's iovec and Windows' WSABUF without naming either; a back end
// translates them, or passes them on where the layout is the same.
//
// Trivial types, so that an array of them costs nothing until it is filled.
#pragma once

#include <cstddef>

namespace quire {

struct mutable_span {
  char* data;
  std::size_t size;
};

struct const_span {
  char const* data;
  std::size_t size;
};

}  // namespace quire
