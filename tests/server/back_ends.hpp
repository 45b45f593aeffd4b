// The back ends over which the server is tested in this process. One that needs a library that not
// every machine has is in a header like this one.
#pragma once

#include <quire/io/epoll/proactor.hpp>
#include <quire/io/uring/proactor.hpp>

#include <gtest/gtest.h>

namespace quire::test {

using server_back_ends = ::testing::Types<io::epoll::proactor, io::uring::proactor>;

}  // namespace quire::test
