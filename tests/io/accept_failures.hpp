// Connections that the system loses before they are accepted: all, for as long as one of these
// lives.
//
// Of the back ends on a real system. What they call to accept is given to the tests first by the
// linker (--wrap); the files of each platform have what they do then.
#pragma once

#include "tests/io/while_alive.hpp"

namespace quire::test {

using lost_connections = while_alive<struct connections_are_lost>;

}  // namespace quire::test
