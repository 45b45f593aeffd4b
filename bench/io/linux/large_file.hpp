// A file that benches read, hot or cold, and what they count.
#pragma once

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

namespace quire::bench {

[[noreturn]] inline void give_up(char const* what) {
  std::fprintf(stderr, "%s: %s\n", program_invocation_short_name, what);
  std::exit(1);
}

// Of all threads of this process, in user and system mode.
inline double processor_seconds() {
  rusage r{};
  ::getrusage(RUSAGE_SELF, &r);
  auto const seconds = [](timeval const& t) {
    return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
  };
  return seconds(r.ru_utime) + seconds(r.ru_stime);
}

inline double median(std::vector<double> v) {
  std::sort(v.begin(), v.end());
  return v[v.size() / 2];
}

// `size` bytes, on the disk when it returns.
inline void make_file(std::string const& path, std::uint64_t size) {
  int const file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_TRUNC, 0600);
  std::vector<char> bytes(1 << 20);
  for (std::size_t i = 0; i != bytes.size(); ++i)
    bytes[i] = static_cast<char>(i * 2654435761u >> 13);
  for (std::uint64_t done = 0; done < size; done += bytes.size()) {
    auto const n = static_cast<std::size_t>(std::min<std::uint64_t>(bytes.size(), size - done));
    if (::write(file, bytes.data(), n) < 0) give_up("the file cannot be written");
  }
  ::fsync(file);
  ::close(file);
}

// Cold: the system drops it from its cache. Else it is read once.
inline void prepare(std::string const& path, bool cold) {
  int const file = ::open(path.c_str(), O_RDONLY);
  if (cold) ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
  std::vector<char> bytes(1 << 20);
  while (!cold && ::read(file, bytes.data(), bytes.size()) > 0) {
  }
  ::close(file);
}

}  // namespace quire::bench
