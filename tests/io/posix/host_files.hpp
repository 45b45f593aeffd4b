// The files of this machine, as the suite of the contract sees them.
#pragma once

#include <quire/io/error.hpp>

#include "tests/io/temporary_directory.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace quire::test {

class host_files : public temporary_directory {
 public:
  using temporary_directory::temporary_directory;

  // The same, but what it holds is no longer in the system's cache, where the file system obeys.
  void make_cold_file(std::string_view name, std::string_view content) {
    make_file(name, content);
    int const file = ::open((root() + "/" + std::string(name)).c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot open a file");
    ::fsync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
  // The same, and sets the time of modification back each time.
  std::function<void(std::string_view)> keep_open(std::string_view name) {
    int const file = ::open((root() + "/" + std::string(name)).c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot open a file");
    std::shared_ptr<int const> const held(new int(file), [](int const* f) {
      ::close(*f);
      delete f;
    });
    return [this, held](std::string_view content) {
      await_tick();
      struct stat s {};
      ::fstat(*held, &s);
      timespec const times[] = {{0, UTIME_OMIT}, s.st_mtim};
      if (::pwrite(*held, content.data(), content.size(), 0) < 0 || ::futimens(*held, times) != 0) {
        throw std::runtime_error("cannot write a file");
      }
    };
  }
  // Whether a file can be made shorter while it is mapped.
  static constexpr bool mapped_files_shrink = true;
  // Whether a file that is open can be removed or replaced at once. (Windows removes the name when
  // nobody has the file open any more, unless it is asked for the semantics of POSIX.)
  static constexpr bool open_files_lose_names = true;
  // Overwrites a file in place by one write(), which is in progress, or has just ended, when this
  // returns: the times of the file are new.
  void begin_slow_write(std::string_view name, std::string content) {
    std::string const path = root() + "/" + std::string(name);
    struct stat before {};
    struct stat now {};
    ::stat(path.c_str(), &before);
    writer_ = std::jthread([path, content = std::move(content)] {
      int const f = ::open(path.c_str(), O_WRONLY);
      if (::write(f, content.data(), content.size()) < 0) std::abort();
      ::close(f);
    });
    do {
      ::stat(path.c_str(), &now);
    } while (now.st_mtim.tv_sec == before.st_mtim.tv_sec &&
             now.st_mtim.tv_nsec == before.st_mtim.tv_nsec);
  }
  // Where a write() ends by itself there is nothing to do.
  void let_slow_write_end() {}
  // Makes things that are neither file nor directory; their names.
  std::vector<std::string> make_irregular() {
    if (::mkfifo((root() + "/pipe").c_str(), 0600) != 0) throw std::runtime_error("mkfifo failed");
    make_link("link", "pipe");
    return {"pipe", "link"};
  }
  // What opening one of them says.
  static constexpr io::error irregular = io::error::not_regular;

 private:
  std::jthread writer_;
};

// In memory where the system has such a file system (tmpfs), which has no direct and no uncached
// reads; else like any other.
class memory_directory : public host_files {
 public:
  memory_directory()
      : host_files(std::filesystem::is_directory("/dev/shm")
                       ? std::filesystem::path("/dev/shm")
                       : std::filesystem::temp_directory_path()) {}
};

// A back end whose files are there.
template <class BackEnd>
struct in_memory : BackEnd {
  using world = memory_directory;
  using BackEnd::BackEnd;
  static constexpr std::string_view suffix = "_in_memory";
};

}  // namespace quire::test
