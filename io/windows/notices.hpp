// Change notices (clause 27): on Windows none are told, so files are looked at.
#pragma once

#include <quire/io/operation.hpp>

namespace quire::io::nt {

class watch_operation : public operation {
 public:
  int number() const noexcept { return -1; }
};

}  // namespace quire::io::nt
