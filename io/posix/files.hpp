// Directories, files, and the operations on them, for the back ends on POSIX systems that have no
// better: tried at once from what the kernel has in memory, else carried out by the blocking pool.
//
// An operation that the loop can finish costs openat2 and fstat, or one preadv2. Nothing is
// allocated.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/io/blocking_pool.hpp>
#include <quire/io/error.hpp>
#include <quire/io/file_status.hpp>
#include <quire/io/ready_list.hpp>

#include <cassert>
#include <cstdint>
#include <span>
#include <string_view>

namespace quire::io::posix {

class directory {
 public:
  directory() = default;
  directory(directory const&) = delete;
  directory& operator=(directory const&) = delete;
  ~directory() { assert(!is_open()); }

  bool is_open() const noexcept { return descriptor_ >= 0; }

 private:
  friend class files;
  int descriptor_ = -1;
};

class file {
 public:
  file() = default;
  file(file const&) = delete;
  file& operator=(file const&) = delete;
  ~file() { assert(!is_open()); }

  bool is_open() const noexcept { return descriptor_ >= 0; }
  int descriptor() const noexcept { return descriptor_; }

 private:
  friend class files;
  int descriptor_ = -1;
  bool tells_residency_ = true;  // False once the file system has said that it cannot.
};

// After success it owns the open file until adopt() or discard().
class open_operation : public blocking_call {
 public:
  open_operation() = default;
  ~open_operation() { assert(descriptor_ < 0); }

  // What was opened. Requires: result() == error::none.
  file_status const& status() const noexcept { return status_; }

 private:
  friend class files;
  // Takes a descriptor or a negated errno: the outcome of opening.
  error settle(int opened) noexcept;

  int directory_ = -1;
  int descriptor_ = -1;
  std::string_view path_;
  file_status status_;
};

class read_operation : public blocking_call {
 private:
  friend class files;
  int descriptor_ = -1;
  std::uint32_t done_ = 0;  // Bytes that were in memory.
  std::uint64_t offset_ = 0;
  std::span<mutable_span const> spans_;
};

class files {
 public:
  files(ready_list& ready, blocking_pool& pool) noexcept : ready_(ready), pool_(pool) {}

  // Opens a directory by its path, links and all; may wait. For the start of a program.
  [[nodiscard]] error open(directory& d, std::string_view path) noexcept;
  void close(directory& d) noexcept;

  void open(directory const& d, open_operation& op, std::string_view path) noexcept;
  void adopt(file& f, open_operation& op) noexcept;
  void discard(open_operation& op) noexcept;

  // Requires: the spans have room for less than 4 GiB.
  void read(file& f, read_operation& op, std::uint64_t offset,
            std::span<mutable_span const> spans) noexcept;
  [[nodiscard]] error status(file const& f, file_status& out) noexcept;
  void close(file& f) noexcept;

  // The call completes with error::canceled unless a thread has already begun it.
  void cancel(blocking_call& call) noexcept;

 private:
  ready_list& ready_;
  blocking_pool& pool_;
};

}  // namespace quire::io::posix
