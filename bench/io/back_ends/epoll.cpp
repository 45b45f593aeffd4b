#include <quire/io/epoll/proactor.hpp>

#include "bench/io/make_back_end.hpp"

static quire::bench::registered const epoll(
    0, quire::bench::make_back_end<quire::io::epoll::proactor>());
