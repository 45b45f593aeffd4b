// What loops on POSIX systems do with files.
#pragma once

#include <quire/io/file_loop.hpp>
#include <quire/io/posix/files.hpp>
#include <quire/io/posix/mapping.hpp>
#include <quire/io/posix/memory_file.hpp>
#include <quire/io/posix/notices.hpp>

namespace quire::io::posix {

struct file_system {
  using directory = posix::directory;
  using file = posix::file;
  using directory_operation = posix::directory_operation;
  using open_operation = posix::open_operation;
  using mapping = posix::mapping;
  using resident_operation = posix::resident_operation;
  using memory_file = posix::memory_file;
  using fill_operation = posix::fill_operation;
  using watch_operation = posix::watch_operation;

  using files = posix::files;
  using mappings = posix::mappings;
  using memory_files = posix::memory_files;
  using notices = posix::notices;
};

using file_loop = io::file_loop<file_system>;

}  // namespace quire::io::posix
