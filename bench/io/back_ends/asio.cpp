#include <quire/io/asio/proactor.hpp>

#include "bench/io/make_back_end.hpp"

static quire::bench::registered const asio(
    2, quire::bench::make_back_end<quire::io::asio::proactor>());
