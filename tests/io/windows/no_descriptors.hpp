// For as long as one of these lives, nobody gets a socket; the system is not asked.
#pragma once

#include "tests/io/while_alive.hpp"

namespace quire::test {

using no_descriptors = while_alive<struct descriptors_are_used_up>;

}  // namespace quire::test
