// Whether an open file still is the version that it was.
#pragma once

#include <quire/io/file_status.hpp>

namespace quire::server {

// `then` and `now`: what is said of one open file. True when nobody has written to it in between,
// as far as that can be told: nothing is new, or the file has lost a name and only the time of its
// inode is new, which a rename over it and a removal change as well. So a time of modification that
// was set back by hand after writing is found out by the time of the inode, unless the file has
// lost a name since `then`.
[[nodiscard]] constexpr bool is_same_version(io::file_status const& then,
                                             io::file_status now) noexcept {
  if (now.links < then.links) {
    now.links = then.links;
    now.changed_ns = then.changed_ns;
  }
  return now == then;
}

}  // namespace quire::server
