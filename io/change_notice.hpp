// What the system tells of changes in a directory that is watched (clause 27 of contract.hpp).
#pragma once

#include <cstdint>
#include <string_view>

namespace quire::io {

enum class change : std::uint8_t {
  content,  // Of what has this name: its content or its status.
  name,     // This name has come or gone, or may mean something else now; so may all below it.
  gone,     // The directory itself: it was moved or removed, or is told of no more.
  lost,     // There were too many: of any directory that is watched, anything may have changed.
};

struct change_notice {
  int watch = -1;  // The number of the watch; none if notices were lost.
  change what = change::lost;
  std::string_view name;  // In the directory. Valid until the next notice is taken.
};

}  // namespace quire::io
