#include <quire/server/back_end.hpp>

#include <fmt/format.h>

#include <algorithm>

namespace quire::server {
namespace {

// "auto, uring or epoll".
std::string list_of(std::span<back_end const> there) {
  std::string text = "auto";
  for (back_end const& b : there) {
    text += &b == &there.back() ? " or " : ", ";
    text += b.name;
  }
  return text;
}

back_end_choice choose_by_itself(std::span<back_end const> there) {
  std::string obstacles;
  for (back_end const& b : there) {
    std::string const obstacle = b.obstacle();
    if (obstacle.empty()) {
      return {&b, obstacles.empty() ? fmt::format("using {}, which passed its self-test", b.name)
                                    : fmt::format("{}; using {}", obstacles, b.name)};
    }
    if (!obstacles.empty()) obstacles += "; ";
    obstacles += obstacle;
  }
  return {nullptr, obstacles};
}

}  // namespace

back_end_choice choose_back_end(std::span<back_end const> there, std::string_view name) {
  if (name == "auto") return choose_by_itself(there);
  if (std::find(back_end_names.begin(), back_end_names.end(), name) == back_end_names.end()) {
    return {nullptr, fmt::format("--io takes {}, not '{}'", list_of(there), name)};
  }
  auto const found =
      std::find_if(there.begin(), there.end(), [&](back_end const& b) { return b.name == name; });
  if (found == there.end()) {
    return {nullptr, fmt::format("--io {} is not built into this program; it takes {}", name,
                                 list_of(there))};
  }
  if (std::string const obstacle = found->obstacle(); !obstacle.empty()) {
    std::string others = "auto";
    for (back_end const& b : there) {
      if (&b != &*found && b.obstacle().empty()) others += fmt::format(", {}", b.name);
    }
    return {nullptr,
            fmt::format("--io {} cannot be used: {}; what can: {}", name, obstacle, others)};
  }
  return {&*found, {}};
}

}  // namespace quire::server
