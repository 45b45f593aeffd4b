// What the operating system's calls cost without this library, and what they offer beyond its
// contract. One source file for each platform; the first subject is the limit for all.
#pragma once

#include "bench/io/frame.hpp"

#include <cstddef>
#include <vector>

namespace quire::bench {

std::vector<subject> raw_senders(std::size_t count);
std::vector<subject> raw_receivers(std::size_t count);

}  // namespace quire::bench
