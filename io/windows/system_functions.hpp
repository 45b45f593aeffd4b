// Functions that not every Windows has: looked up when the program runs.
#pragma once

#include <cstddef>

namespace quire::io::nt {

// Asks for the pages of a range ahead of time, in few and large reads; a hint
// (PrefetchVirtualMemory, Windows 8). Without that function it does nothing.
void prefetch(void const* first, std::size_t size) noexcept;

}  // namespace quire::io::nt
