#include <quire/io/uring/proactor.hpp>

#include "bench/io/make_back_end.hpp"

static quire::bench::registered const uring(
    1, quire::bench::make_back_end<quire::io::uring::proactor>());
