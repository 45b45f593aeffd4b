// The back ends of this build, and which of them serves.
//
// Each is a file of server/back_end/, the only ones that name a proactor; which of these are
// compiled is decided by server/CMakeLists.txt, which makes the table of back_ends() as well.
#pragma once

#include <quire/server/finding.hpp>
#include <quire/server/settings.hpp>

#include <array>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace quire::server {

struct back_end {
  std::string_view name;
  // Empty when this machine allows it, else what stands in its way: a sentence without its end.
  std::string (*obstacle)();
  // serve() of serve.hpp, on this back end.
  int (*serve)(settings const&, std::size_t worker_count, std::string_view note);
  // What `quire doctor` tells of it besides whether it works; null: nothing.
  std::vector<finding> (*examine)() = nullptr;
};

// All that there are, on whatever platform.
inline constexpr std::array<std::string_view, 4> back_end_names = {"uring", "epoll", "asio",
                                                                   "iocp"};

// Those of this build: the one that `auto` prefers is the first. There is at least one.
std::span<back_end const> back_ends() noexcept;

struct back_end_choice {
  back_end const* chosen;  // Null: nothing can be chosen, and `note` says why.
  std::string note;        // One sentence for the standard error, without its end; may be empty.
};

// What `--io NAME` means. `auto` is the first of `there` that has no obstacle; its note says what
// was chosen, and why.
back_end_choice choose_back_end(std::span<back_end const> there, std::string_view name);

}  // namespace quire::server
