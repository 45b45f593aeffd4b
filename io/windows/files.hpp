// Directories, files, and opening them, on Windows. Opening has no asynchronous form: the blocking
// pool does it. How files are read is the back end's.
#pragma once

#include <quire/io/blocking_pool.hpp>
#include <quire/io/error.hpp>
#include <quire/io/file_mode.hpp>
#include <quire/io/file_status.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/windows/handle.hpp>
#include <quire/io/windows/open_beneath.hpp>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string_view>

namespace quire::io::nt {

class directory {
 public:
  directory() = default;
  directory(directory const&) = delete;
  directory& operator=(directory const&) = delete;
  ~directory() { assert(!is_open()); }

  bool is_open() const noexcept { return top_.directory != nullptr; }
  // Whether both are the same directory, by whatever paths. Requires: both are open.
  bool same_as(directory const& other) const noexcept {
    return device_ == other.device_ && inode_ == other.inode_;
  }

 private:
  friend class files;
  friend class open_operation;
  root top_;
  root_name name_;            // Kept when it is closed, for the next one.
  std::uint64_t device_ = 0;  // Of all that lies below: no other volume is mounted there.
  std::uint64_t inode_ = 0;
};

// Opens a directory.
class directory_operation : public blocking_call {
 private:
  friend class files;
  directory* directory_ = nullptr;
  std::string_view path_;
};

// Opened for overlapped reads.
class file {
 public:
  file() = default;
  file(file const&) = delete;
  file& operator=(file const&) = delete;
  ~file() { assert(!is_open()); }

  bool is_open() const noexcept { return handle_ != nullptr; }
  nt::handle handle() const noexcept { return handle_; }
  bool is_directory() const noexcept { return is_directory_; }
  // Clauses 19 and 20. Windows has no uncached reads.
  file_mode mode() const noexcept { return mode_; }
  std::size_t alignment() const noexcept { return alignment_; }

 private:
  friend class files;
  nt::handle handle_ = nullptr;
  nt::handle retired_ = nullptr;  // That of direct reads, some of which may be in flight.
  std::uint64_t device_ = 0;
  std::uint16_t alignment_ = 1;
  file_mode mode_ = file_mode::buffered;
  bool is_directory_ = false;
};

// After success it owns the open file until adopt() or discard().
class open_operation : public blocking_call {
 public:
  open_operation() = default;
  ~open_operation() { assert(opened_ == nullptr); }

  // What was opened. Requires: result() == error::none.
  file_status const& status() const noexcept { return status_; }
  // Clause 27.
  bool has_one_path() const noexcept { return false; }

 private:
  friend class files;
  void open() noexcept;
  void settle_mode() noexcept;

  directory const* directory_ = nullptr;
  nt::handle opened_ = nullptr;
  std::string_view path_;
  file_status status_;
  std::uint16_t alignment_ = 1;
  file_mode mode_ = file_mode::buffered;
};

// What direct reads of an open file must be multiples of: the sectors of the volume, and what the
// device wants of memory. 0 when that is more than a page: there are none.
[[nodiscard]] std::size_t direct_alignment(handle opened) noexcept;

class files {
 public:
  files(ready_list& ready, blocking_pool& pool) noexcept : ready_(ready), pool_(pool) {}

  // Opens a directory by its path, links and all; may wait. For the start of a program.
  [[nodiscard]] static error open(directory& d, std::string_view path) noexcept;
  // The same by the pool.
  void open(directory& d, directory_operation& op, std::string_view path) noexcept;
  void close(directory& d) noexcept;

  void open(directory const& d, open_operation& op, std::string_view path, file_mode mode) noexcept;
  void adopt(file& f, open_operation& op) noexcept;
  void discard(open_operation& op) noexcept;

  [[nodiscard]] error status(file const& f, file_status& out) noexcept;
  // Completes at once: Windows has no way to tell.
  void await_writers(file const& f, open_operation& op) noexcept;
  // The file system has refused a direct read: the file is buffered from now on, by another handle.
  // The one that it had stays until close().
  [[nodiscard]] error fall_back(file& f) noexcept;
  void close(file& f) noexcept;

 private:
  ready_list& ready_;
  blocking_pool& pool_;
};

}  // namespace quire::io::nt
