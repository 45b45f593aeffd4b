// What clients, sinks and sources run on, whatever is measured.
#pragma once

#include <quire/io/epoll/proactor.hpp>

namespace quire::bench {

using native_back_end = io::epoll::proactor;

}  // namespace quire::bench
