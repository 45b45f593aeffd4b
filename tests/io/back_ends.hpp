// The back ends that the contract is proved for. A new one is a new entry here, or a header like this
// one when it needs a library that not every machine has.
#pragma once

#include <quire/io/epoll/proactor.hpp>
#include <quire/io/sim/proactor.hpp>
#include <quire/io/uring/proactor.hpp>

#include "tests/io/temporary_directory.hpp"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

namespace quire::test {

// What the suite must know of a back end: its type, the world of files that it sees, and how to
// make it.
struct epoll_back_end {
  using proactor = io::epoll::proactor;
  using world = temporary_directory;

  epoll_back_end(world&, io::options const& o, io::error& e) : p(o, e) {}
  proactor p;
};

struct uring_back_end {
  using proactor = io::uring::proactor;
  using world = temporary_directory;

  uring_back_end(world&, io::options const& o, io::error& e) : p(o, e) {}
  proactor p;
};

// A world in which everything works at once. What its faults do is in sim_test.cpp.
struct sim_back_end {
  using proactor = io::sim::proactor;

  struct world {
    std::string root() const { return ""; }
    void make_file(std::string_view name, std::string_view content) {
      tree->make_file(name, content);
    }
    void make_cold_file(std::string_view name, std::string_view content) {
      make_file(name, content);
    }
    void make_directory(std::string_view name) { tree->make_directory(name); }
    void make_link(std::string_view name, std::string_view target) {
      tree->make_link(name, target);
    }
    void make_fifo(std::string_view name) { tree->make_pipe(name); }
    void begin_slow_write(std::string_view name, std::string content) {
      tree->begin_write(name);
      written = name;
      to_write = std::move(content);
    }
    void let_slow_write_end() { tree->end_write(written, to_write); }
    std::string written;
    std::string to_write;
    io::sim::file_tree* tree = nullptr;
  };

  sim_back_end(world& w, io::options const& o, io::error& e) : sim_back_end(w, o, {}, e) {}
  sim_back_end(world& w, io::options const& o, io::sim::settings const& s, io::error& e)
      : p(o, s, e) {
    w.tree = &p.files();
  }
  proactor p;
};

// One whose file system can do neither direct nor uncached reads.
struct sim_in_memory_back_end : sim_back_end {
  static constexpr std::string_view suffix = "_in_memory";

  sim_in_memory_back_end(world& w, io::options const& o, io::error& e)
      : sim_back_end(w, o, without_modes(), e) {}

  static io::sim::settings without_modes() {
    io::sim::settings s;
    s.direct_alignment = 0;
    s.has_uncached_reads = false;
    return s;
  }
};

using back_ends = ::testing::Types<epoll_back_end, uring_back_end, sim_back_end>;
// The same with every kind of file system that there is here.
using back_ends_and_file_systems =
    ::testing::Types<epoll_back_end, in_memory<epoll_back_end>, uring_back_end,
                     in_memory<uring_back_end>, sim_back_end, sim_in_memory_back_end>;

}  // namespace quire::test
