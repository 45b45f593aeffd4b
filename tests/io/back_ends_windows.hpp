// The back ends that the contract is proved for on Windows.
//
// iocp in its strict mode is another back end for each seed. The seed is the number in its name,
// plus what QUIRE_SEED says. Its Windows locks the requests of two files in three.
#pragma once

#include <quire/io/iocp/proactor.hpp>

#include "tests/io/accept_failures.hpp"
#include "tests/io/back_end_sim.hpp"
#include "tests/io/windows/host_files.hpp"
#include "tests/io/windows/no_descriptors.hpp"

#include <gtest/gtest.h>

#include <cstdint>
#include <cstdlib>
#include <string>

namespace quire::test {

struct iocp_back_end {
  using proactor = io::iocp::proactor;
  using world = host_files;
  using lost_connections = test::lost_connections;
  using no_descriptors = test::no_descriptors;

  iocp_back_end(world&, io::options const& o, io::error& e) : p(o, e) {}
  proactor p;
};

inline std::uint32_t lock_requests_of_some(io::nt::handle, void*, std::size_t) noexcept {
  constexpr std::uint32_t invalid_function = 1;
  static thread_local unsigned calls = 0;
  return ++calls % 3 == 0 ? invalid_function : 0;
}

template <std::uint64_t Number>
struct strict_iocp_back_end {
  using proactor = io::iocp::proactor;
  using world = host_files;
  using lost_connections = test::lost_connections;
  using no_descriptors = test::no_descriptors;

  strict_iocp_back_end(world&, io::options const& o, io::error& e)
      : p(o, {.on = true, .seed = seed(), .functions = {.lock_requests = &lock_requests_of_some}},
          e) {}
  static std::string name() { return "iocp_strict_" + std::to_string(seed()); }
  static std::uint64_t seed() {
    char const* const text = std::getenv("QUIRE_SEED");
    return Number + (text == nullptr ? 0 : std::strtoull(text, nullptr, 10));
  }
  proactor p;
};

using back_ends = ::testing::Types<iocp_back_end, strict_iocp_back_end<1>, strict_iocp_back_end<2>,
                                   strict_iocp_back_end<3>, sim_back_end>;
using back_ends_and_file_systems =
    ::testing::Types<iocp_back_end, strict_iocp_back_end<1>, strict_iocp_back_end<2>,
                     strict_iocp_back_end<3>, sim_back_end, sim_in_memory_back_end>;
using back_ends_with_links = ::testing::Types<sim_back_end>;

}  // namespace quire::test
