// What only a system with fork() measures of a back end: the memory of idle connections, whose
// clients are another process.
#pragma once

#include "bench/io/idle.hpp"
#include "bench/io/make_back_end.hpp"

namespace quire::bench {

template <io::proactor P>
back_end make_back_end_with_idle() {
  back_end b = make_back_end<P>();
  b.idle = &idle_round<P>;
  return b;
}

}  // namespace quire::bench
