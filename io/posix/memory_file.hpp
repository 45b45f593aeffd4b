// Files in memory, which hold a copy of a file and are sent from there (clauses 24 to 26).
//
// Anonymous memory, in large pages where the system has them for it. Small ones share a block of it
// (memory_blocks.hpp); others have memory of their own, which cannot be written to once it is
// sealed. On Linux its pages themselves go to the socket, by vmsplice() and splice(), so that
// nothing is copied; the kernel keeps them for as long as the peer has not got them, whatever
// becomes of the memory file. Filling is done by a pool of its own, which others go before; sealing
// and giving the memory back by the blocking pool where that takes long, for 100 MiB some
// milliseconds: what does it holds the lock of the address space, for which others may wait.
#pragma once

#include <quire/buffer/memory_span.hpp>
#include <quire/io/blocking_pool.hpp>
#include <quire/io/error.hpp>
#include <quire/io/posix/files.hpp>
#include <quire/io/posix/kernel.hpp>
#include <quire/io/posix/memory_blocks.hpp>
#include <quire/io/ready_list.hpp>

#include <sys/types.h>

#include <cassert>
#include <cstddef>
#include <cstdint>
#include <mutex>
#include <span>
#include <vector>

namespace quire::io::posix {

class memory_file {
 public:
  memory_file() = default;
  memory_file(memory_file const&) = delete;
  memory_file& operator=(memory_file const&) = delete;
  ~memory_file() { assert(!is_open()); }

  bool is_open() const noexcept { return data_ != nullptr; }
  std::uint64_t size() const noexcept { return size_; }
  mutable_span space() noexcept;
  const_span bytes() const noexcept { return {data_, size_}; }

 private:
  friend class memory_files;
  friend class fill_operation;
  friend struct file_part;
  char* data_ = nullptr;
  std::size_t size_ = 0;
  memory_blocks::block* block_ = nullptr;  // Of which it is a part, if it is one.
  bool is_sealed_ = false;                 // Of a part.
};

class fill_operation : public blocking_call {
 private:
  friend class memory_files;
  error fill() noexcept;
  error seal() noexcept;

  memory_file* to_ = nullptr;
  file* from_ = nullptr;
  std::uint64_t offset_ = 0;
  std::uint64_t length_ = 0;
  std::uint32_t done_ = 0;
};

// What a send has to send behind its spans; of size 0: nothing.
struct file_part {
  // One send takes this much at most, so that streams take turns. The next one waits for its turn,
  // and for space: a socket that is kept full costs a third more. Of a large file, smaller pieces
  // cost less (decision 0094).
  static constexpr std::size_t size_max = std::size_t{512} << 10;
  static constexpr std::size_t size_max_of_large = size_max / 2;
  static constexpr std::size_t large_min = std::size_t{8} << 20;

  file_part() = default;
  file_part(memory_file const& f, std::uint64_t from, std::uint64_t length) noexcept;

  char const* data = nullptr;
  std::size_t size = 0;
  bool is_cut = false;  // More was asked for than one send takes.
};

// Sends the spans, which are not empty or do not matter, and the part behind them, as much as the
// socket, which does not wait, takes. No SIGPIPE: the calling thread has it blocked from the first
// such call on.
[[nodiscard]] send_outcome send_with_part(int socket, std::span<const_span const> spans,
                                          file_part const& part) noexcept;

class memory_files {
 public:
  memory_files(ready_list& ready, blocking_pool& pool, blocking_pool& copying) noexcept;
  // Requires: the pools have stopped.
  ~memory_files() { free_closed(); }

  [[nodiscard]] error make(memory_file& m, std::uint64_t size) noexcept;
  void fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
            std::uint64_t length) noexcept;
  void seal(memory_file& m, fill_operation& op) noexcept;
  void close(memory_file& m) noexcept;

 private:
  struct closed {
    char* data;
    std::size_t size;
  };
  class closing_call : public blocking_call {
   public:
    memory_files* owner = nullptr;
  };

  error make_alone(memory_file& m, std::size_t size) noexcept;
  void start_closing() noexcept;
  void on_closed() noexcept;
  void free_closed() noexcept;

  ready_list& ready_;
  blocking_pool& pool_;
  blocking_pool& copying_;
  closing_call closing_;
  memory_blocks blocks_;
  std::size_t open_ = 0;  // With memory of their own.
  std::mutex mutex_;
  std::vector<closed> closed_;  // Under the lock; has room for all that are open.
};

}  // namespace quire::io::posix
