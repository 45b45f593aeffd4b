#include <quire/io/uring/proactor.hpp>

#include "bench/io/posix/with_idle.hpp"

static quire::bench::registered const uring(
    1, quire::bench::make_back_end_with_idle<quire::io::uring::proactor>());
