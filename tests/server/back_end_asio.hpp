// The back end on Boost.Asio, for the tests of the server in this process.
#pragma once

#include <quire/io/asio/proactor.hpp>

#include <gtest/gtest.h>

namespace quire::test {

using server_back_ends = ::testing::Types<io::asio::proactor>;

}  // namespace quire::test
