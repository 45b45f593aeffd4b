#include <quire/io/epoll/proactor.hpp>

#include "bench/io/posix/with_idle.hpp"

static quire::bench::registered const epoll(
    0, quire::bench::make_back_end_with_idle<quire::io::epoll::proactor>());
