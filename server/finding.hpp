// What `quire doctor` finds out about the machine: one thing each.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {

enum class verdict : std::uint8_t {
  good,
  fact,   // Neither good nor bad: told because it helps to understand a measurement.
  costs,  // Serving works without it; `cost` says what is lost.
  fatal,  // Serving is impossible.
};
inline constexpr std::string_view name(verdict v) noexcept {
  constexpr std::string_view names[] = {"good", "fact", "costs", "fatal"};
  return names[static_cast<std::size_t>(v)];
}

struct finding {
  std::string name;
  std::string value;
  verdict judged = verdict::fact;
  std::string cost = {};    // In a phrase; empty unless it costs or is fatal.
  std::string advice = {};  // What to do about it; empty when nothing can be done, or need be.
};

struct finding_group {
  std::string title;
  std::vector<finding> findings;
};

}  // namespace quire::server
