// What clients, sinks and sources run on, whatever is measured.
#pragma once

#include <quire/io/iocp/proactor.hpp>

namespace quire::bench {

using native_back_end = io::iocp::proactor;

}  // namespace quire::bench
