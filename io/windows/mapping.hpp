// Files as memory, on Windows: not offered yet by this back end, which says so.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/io/operation.hpp>

namespace quire::io::nt {

class mapping {
 public:
  bool is_open() const noexcept { return false; }
  const_span bytes() const noexcept { return {}; }
};

class resident_operation : public operation {};

}  // namespace quire::io::nt
