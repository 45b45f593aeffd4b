// The back ends that the contract is proved for. A new one is a new entry here.
#pragma once

#include <quire/io/epoll/proactor.hpp>

#include "tests/io/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <type_traits>

namespace quire::test {

// What the suite must know of a back end: its type, the world of files that it sees, and how to
// make it.
struct epoll_back_end {
  using proactor = io::epoll::proactor;
  using world = temporary_directory;

  epoll_back_end(world&, io::options const& o, io::error& e) : p(o, e) {}
  proactor p;
};

using back_ends = ::testing::Types<epoll_back_end>;

struct back_end_name {
  template <class BackEnd>
  static std::string GetName(int) {
    return std::string(BackEnd::proactor::name);
  }
};

}  // namespace quire::test
