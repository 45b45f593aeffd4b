// Directories, files, and the operations on them, for the back ends on POSIX systems that have no
// better: tried at once from what the kernel has in memory, else carried out by the blocking pool.
//
// An operation that the loop can finish costs openat2 and fstat, or one preadv2; opening for direct
// reads three calls more. A direct read always waits for the disk, so it goes to the pool. Nothing
// is allocated.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/io/blocking_pool.hpp>
#include <quire/io/error.hpp>
#include <quire/io/file_mode.hpp>
#include <quire/io/file_status.hpp>
#include <quire/io/ready_list.hpp>

#include <atomic>
#include <cassert>
#include <cstddef>
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
  int descriptor() const noexcept { return descriptor_; }
  // Whether both are the same directory, by whatever paths. Requires: both are open.
  bool same_as(directory const& other) const noexcept {
    return device_ == other.device_ && inode_ == other.inode_;
  }

 private:
  friend class files;
  int descriptor_ = -1;
  std::uint64_t device_ = 0;
  std::uint64_t inode_ = 0;
};

class file {
 public:
  file() = default;
  file(file const&) = delete;
  file& operator=(file const&) = delete;
  ~file() { assert(!is_open()); }

  bool is_open() const noexcept { return descriptor_ >= 0; }
  int descriptor() const noexcept { return descriptor_; }
  // Clauses 19 and 20.
  file_mode mode() const noexcept { return mode_.load(std::memory_order_acquire); }
  std::size_t alignment() const noexcept { return mode() == file_mode::direct ? alignment_ : 1; }

  // For back ends, from any thread: the file system refused a read in this mode. Reads that begin
  // from now on are buffered.
  void fall_back() noexcept;

 private:
  friend class files;
  int descriptor_ = -1;
  std::uint32_t alignment_ = 1;
  std::atomic<file_mode> mode_ = file_mode::buffered;
  bool tells_residency_ = true;  // False once the file system has said that it cannot.
};

// Whether this errno of a read says that the file system does not read in this mode. A read that is
// not aligned never comes to it.
[[nodiscard]] bool is_refusal(file_mode mode, int number) noexcept;

// Reads until the spans are full or the file ends, and waits if it must; counts the bytes, also
// when there is an error. For threads of the pool.
[[nodiscard]] error read_waiting(file& f, std::uint64_t offset, std::span<mutable_span const> spans,
                                 std::uint32_t& done) noexcept;

// After success it owns the open file until adopt() or discard().
class open_operation : public blocking_call {
 public:
  open_operation() = default;
  ~open_operation() { assert(descriptor_ < 0); }

  // What was opened. Requires: result() == error::none.
  file_status const& status() const noexcept { return status_; }
  // Clause 27.
  bool has_one_path() const noexcept { return one_path_; }

 private:
  friend class files;
  // Takes a descriptor or a negated errno: the outcome of opening.
  error settle(int opened) noexcept;

  int directory_ = -1;
  int descriptor_ = -1;
  std::uint32_t alignment_ = 1;
  file_mode mode_ = file_mode::buffered;
  bool one_path_ = false;
  std::string_view path_;
  file_status status_;
};

// Opens a directory.
class directory_operation : public blocking_call {
 private:
  friend class files;
  directory* directory_ = nullptr;
  std::string_view path_;
};

class read_operation : public blocking_call {
 private:
  friend class files;
  file* file_ = nullptr;
  std::uint32_t done_ = 0;  // Bytes that were in memory.
  std::uint64_t offset_ = 0;
  std::span<mutable_span const> spans_;
};

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

  // Requires: the spans have room for less than 4 GiB.
  void read(file& f, read_operation& op, std::uint64_t offset,
            std::span<mutable_span const> spans) noexcept;
  [[nodiscard]] static error status(file const& f, file_status& out) noexcept;
  // Costs a call on the pool.
  void await_writers(file const& f, open_operation& op) noexcept;
  void close(file& f) noexcept;

 private:
  ready_list& ready_;
  blocking_pool& pool_;
};

}  // namespace quire::io::posix
