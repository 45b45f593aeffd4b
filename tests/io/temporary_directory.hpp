// A directory of the real file system for one test: removed with all that is in it.
#pragma once

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

namespace quire::test {

class temporary_directory {
 public:
  temporary_directory() : temporary_directory(std::filesystem::temp_directory_path()) {}
  // Below this directory.
  explicit temporary_directory(std::filesystem::path const& where) {
    std::string name = (where / "quire-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw std::runtime_error("mkdtemp failed");
    base_ = name;
    // The root lies a level below, so that there is something outside it that a path could reach.
    std::filesystem::create_directory(base_ / "root");
  }
  ~temporary_directory() {
    std::error_code ignored;
    std::filesystem::remove_all(base_, ignored);
  }
  temporary_directory(temporary_directory const&) = delete;
  temporary_directory& operator=(temporary_directory const&) = delete;

  std::string root() const { return (base_ / "root").string(); }

  // Names are relative to the root.
  void make_file(std::string_view name, std::string_view content) {
    std::ofstream out(base_ / "root" / name, std::ios::binary);
    out.write(content.data(), static_cast<std::streamsize>(content.size()));
    if (!out) throw std::runtime_error("cannot write a file");
  }
  // The same, but what it holds is no longer in the system's cache, where the file system obeys.
  void make_cold_file(std::string_view name, std::string_view content) {
    make_file(name, content);
    int const file = ::open((base_ / "root" / name).c_str(), O_RDONLY | O_CLOEXEC);
    if (file < 0) throw std::runtime_error("cannot open a file");
    ::fsync(file);
    ::posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
    ::close(file);
  }
  // Overwrites a file in place by one write(), which is in progress, or has just ended, when this
  // returns: the times of the file are new.
  void begin_slow_write(std::string_view name, std::string content) {
    std::string const path = (base_ / "root" / name).string();
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
  void make_directory(std::string_view name) {
    std::filesystem::create_directories(base_ / "root" / name);
  }
  void make_link(std::string_view name, std::string_view target) {
    std::filesystem::create_symlink(target, base_ / "root" / name);
  }
  void make_fifo(std::string_view name) {
    if (::mkfifo((base_ / "root" / name).c_str(), 0600) != 0) {
      throw std::runtime_error("mkfifo failed");
    }
  }

 private:
  std::filesystem::path base_;
  std::jthread writer_;
};

// In memory where the system has such a file system (tmpfs), which has no direct and no uncached
// reads; else like any other.
class memory_directory : public temporary_directory {
 public:
  memory_directory()
      : temporary_directory(std::filesystem::is_directory("/dev/shm")
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
