#include <quire/io/iocp/proactor.hpp>

#include "bench/io/make_back_end.hpp"

static quire::bench::registered const iocp(
    0, quire::bench::make_back_end<quire::io::iocp::proactor>());
