#include <quire/io/asio/proactor.hpp>

#include "bench/io/posix/with_idle.hpp"

static quire::bench::registered const asio(
    2, quire::bench::make_back_end_with_idle<quire::io::asio::proactor>());
