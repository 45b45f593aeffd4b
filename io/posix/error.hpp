// Translates errno, at the edge (clause 12).
#pragma once

#include <quire/io/error.hpp>

namespace quire::io::posix {

// Requires: a value of errno, positive.
[[nodiscard]] error translate(int number) noexcept;

}  // namespace quire::io::posix
