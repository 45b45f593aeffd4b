// Files as memory, to be read, and the operation that brings their pages in (clauses 21 and 22).
//
// A mapping costs address space and a handle, by which it knows whether the file became shorter. A
// thread of the blocking pool brings the pages in: it asks for the whole range
// (PrefetchVirtualMemory, where there is such a call) and then reads it by a call that reports a
// fault instead of raising it. Nothing is allocated.
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

class mapping {
 public:
  mapping() = default;
  mapping(mapping const&) = delete;
  mapping& operator=(mapping const&) = delete;
  ~mapping() { assert(!is_open()); }

  bool is_open() const noexcept { return file_ != nullptr; }
  // The file, at the size that it had when it was mapped.
  const_span bytes() const noexcept { return {data_, size_}; }

 private:
  friend class mappings;
  handle file_ = nullptr;
  char* data_ = nullptr;  // nullptr for an empty file.
  std::size_t size_ = 0;
};

class resident_operation : public blocking_call {
 private:
  friend class mappings;
  error make_resident() const noexcept;

  handle file_ = nullptr;
  char* data_ = nullptr;
  std::size_t offset_ = 0;
  std::size_t size_ = 0;
};

class mappings {
 public:
  mappings(ready_list& ready, blocking_pool& pool) noexcept : ready_(ready), pool_(pool) {}

  // Does not wait for a disk. Errors: is_a_directory, no_memory, and what the system says.
  [[nodiscard]] error map(mapping& m, file const& f) noexcept;
  void make_resident(mapping const& m, resident_operation& op, std::uint64_t offset,
                     std::uint64_t length) noexcept;
  void close(mapping& m) noexcept;

 private:
  ready_list& ready_;
  blocking_pool& pool_;
};

}  // namespace quire::io::nt
