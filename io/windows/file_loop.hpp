// What loops on Windows do with files.
#pragma once

#include <quire/io/file_loop.hpp>
#include <quire/io/windows/files.hpp>
#include <quire/io/windows/mapping.hpp>
#include <quire/io/windows/memory_file.hpp>
#include <quire/io/windows/notices.hpp>

namespace quire::io::nt {

struct file_system {
  using directory = nt::directory;
  using file = nt::file;
  using directory_operation = nt::directory_operation;
  using open_operation = nt::open_operation;
  using mapping = nt::mapping;
  using resident_operation = nt::resident_operation;
  using memory_file = nt::memory_file;
  using fill_operation = nt::fill_operation;
  using watch_operation = nt::watch_operation;

  using files = nt::files;
  using mappings = nt::mappings;
  using memory_files = nt::memory_files;
  using notices = nt::notices;
};

using file_loop = io::file_loop<file_system>;

}  // namespace quire::io::nt
