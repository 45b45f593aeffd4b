// Counts what the program allocates by operator new.
#pragma once

#include <cstddef>

namespace quire::test {

// Allocations since the start, of all threads.
std::size_t allocations() noexcept;

}  // namespace quire::test
