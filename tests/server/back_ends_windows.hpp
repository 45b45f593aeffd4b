// The back end of Windows, for the tests of the server in this process.
#pragma once

#include <quire/io/iocp/proactor.hpp>

#include <gtest/gtest.h>

namespace quire::test {

using server_back_ends = ::testing::Types<io::iocp::proactor>;

}  // namespace quire::test
