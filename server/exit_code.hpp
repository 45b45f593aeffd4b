// What the program returns.
#pragma once

namespace quire::server {

inline constexpr int exit_success = 0;
inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

}  // namespace quire::server
