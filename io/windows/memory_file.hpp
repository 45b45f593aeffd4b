// Files in memory, which hold a copy of a file and are sent from there (clauses 24 to 26).
//
// On Windows they are memory of this process, written by a pool of threads which others go before,
// and read-only once they are sealed.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/io/blocking_pool.hpp>
#include <quire/io/error.hpp>
#include <quire/io/ready_list.hpp>
#include <quire/io/windows/files.hpp>
#include <quire/io/windows/handle.hpp>

#include <cassert>
#include <cstddef>
#include <cstdint>

namespace quire::io::nt {

class memory_file {
 public:
  memory_file() = default;
  memory_file(memory_file const&) = delete;
  memory_file& operator=(memory_file const&) = delete;
  ~memory_file() { assert(!is_open()); }

  bool is_open() const noexcept { return data_ != nullptr; }
  std::uint64_t size() const noexcept { return size_; }
  mutable_span space() noexcept { return {data_, (size_ + page_size - 1) / page_size * page_size}; }
  const_span bytes() const noexcept { return {data_, size_}; }

 private:
  friend class memory_files;
  friend class fill_operation;
  static constexpr std::size_t page_size = 4096;
  char* data_ = nullptr;
  std::size_t size_ = 0;
};

class fill_operation : public blocking_call {
 private:
  friend class memory_files;
  error fill() noexcept;

  memory_file* to_ = nullptr;
  handle from_ = nullptr;
  std::size_t alignment_ = 1;
  std::size_t offset_ = 0;
  std::size_t length_ = 0;
  std::uint32_t done_ = 0;
};

class memory_files {
 public:
  memory_files(ready_list& ready, blocking_pool& pool, blocking_pool& copying) noexcept
      : ready_(ready), pool_(pool), copying_(copying) {}

  [[nodiscard]] error make(memory_file& m, std::uint64_t size) noexcept;
  void fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
            std::uint64_t length) noexcept;
  void seal(memory_file& m, fill_operation& op) noexcept;
  void close(memory_file& m) noexcept;

 private:
  ready_list& ready_;
  blocking_pool& pool_;
  blocking_pool& copying_;
};

}  // namespace quire::io::nt
