// Queues from many threads to one, beside each other without a loop. One source file for each
// platform; the first subject is built as io/post_queue.hpp is. None where they are not compared.
#pragma once

#include "bench/io/frame.hpp"

#include <cstddef>
#include <vector>

namespace quire::bench {

std::vector<subject> raw_queues(std::size_t count, unsigned threads);

}  // namespace quire::bench
