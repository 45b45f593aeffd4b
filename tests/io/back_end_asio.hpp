// The back end on Boost.Asio, for the suite of the contract.
#pragma once

#include <quire/io/asio/proactor.hpp>

#include "tests/io/accept_failures.hpp"
#include "tests/io/posix/host_files.hpp"
#include "tests/io/posix/no_descriptors.hpp"

#include <gtest/gtest.h>

namespace quire::test {

struct asio_back_end {
  using proactor = io::asio::proactor;
  using world = host_files;
  using lost_connections = test::lost_connections;
  using no_descriptors = test::no_descriptors;

  asio_back_end(world&, io::options const& o, io::error& e) : p(o, e) {}
  proactor p;
};

using back_ends = ::testing::Types<asio_back_end>;
using back_ends_with_links = back_ends;
using back_ends_and_file_systems = ::testing::Types<asio_back_end, in_memory<asio_back_end>>;

}  // namespace quire::test
