#include "bench/io/back_end.hpp"

#include <algorithm>
#include <cstdio>
#include <map>

namespace quire::bench {
namespace {

// By rank.
std::map<int, back_end>& compiled() {
  static std::map<int, back_end> all;
  return all;
}

}  // namespace

registered::registered(int rank, back_end const& b) {
  compiled().emplace(rank, b);
}

std::vector<back_end> const& back_ends() {
  static std::vector<back_end> const usable = [] {
    std::vector<back_end> found;
    for (auto const& [rank, b] : compiled()) {
      if (io::error const e = b.start(); e == io::error::none) {
        found.push_back(b);
      } else {
        std::fprintf(stderr, "%s is left out: %s\n", std::string(b.name).c_str(),
                     std::string(io::message(e)).c_str());
      }
    }
    return found;
  }();
  return usable;
}

}  // namespace quire::bench
