// Small files that the kernel shows: settings below /proc/sys, what it knows below /sys.
#pragma once

#include <cstdint>
#include <fstream>
#include <optional>
#include <string>

namespace quire::server {

// The first line; nothing when there is no such file, or it may not be read.
inline std::optional<std::string> read_first_line(std::string const& path) {
  std::ifstream in(path);
  std::string line;
  if (!std::getline(in, line)) return std::nullopt;
  return line;
}

// The same as a number; nothing when it is none.
inline std::optional<std::int64_t> read_number(std::string const& path) {
  std::ifstream in(path);
  std::int64_t n = 0;
  if (!(in >> n)) return std::nullopt;
  return n;
}

}  // namespace quire::server
