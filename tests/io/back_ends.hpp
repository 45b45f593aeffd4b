// The back ends that the contract is proved for. A new one is a new entry here, or a header like
// this one when it needs a library that not every machine has.
#pragma once

#include <quire/io/epoll/proactor.hpp>
#include <quire/io/uring/proactor.hpp>

#include "tests/io/accept_failures.hpp"
#include "tests/io/back_end_sim.hpp"
#include "tests/io/posix/host_files.hpp"
#include "tests/io/posix/no_descriptors.hpp"

#include <gtest/gtest.h>

namespace quire::test {

// What the suite must know of a back end: its type, the world of files that it sees, how to make
// it, and what is to live while connections are lost before they are accepted, or there are no
// descriptors.
struct epoll_back_end {
  using proactor = io::epoll::proactor;
  using world = host_files;
  using lost_connections = test::lost_connections;
  using no_descriptors = test::no_descriptors;

  epoll_back_end(world&, io::options const& o, io::error& e) : p(o, e) {}
  proactor p;
};

struct uring_back_end {
  using proactor = io::uring::proactor;
  using world = host_files;
  using lost_connections = test::lost_connections;
  using no_descriptors = test::no_descriptors;

  uring_back_end(world&, io::options const& o, io::error& e) : p(o, e) {}
  proactor p;
};

using back_ends = ::testing::Types<epoll_back_end, uring_back_end, sim_back_end>;
using back_ends_with_links = back_ends;
// The same with every kind of file system that there is here.
using back_ends_and_file_systems =
    ::testing::Types<epoll_back_end, in_memory<epoll_back_end>, uring_back_end,
                     in_memory<uring_back_end>, sim_back_end, sim_in_memory_back_end>;

}  // namespace quire::test
