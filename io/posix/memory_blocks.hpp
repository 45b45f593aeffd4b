// Memory for small files in memory: parts of blocks of 2 MiB, each of them one large page of the
// system where it has such, which a socket takes for less than pages of 4 KiB.
//
// No part is handed out twice, for when it is given back its pages may be on their way to a peer
// still: what nobody has written to follows on what is taken, until a block is full. What is given
// back the system may have at once, and a block with its last part. A block that is full and sealed
// cannot be written to any more. Of one thread.
#pragma once

#include <array>
#include <cstddef>

namespace quire::io::posix {

class memory_blocks {
 public:
  static constexpr std::size_t block_size = std::size_t{2} << 20;
  static constexpr std::size_t part_max = block_size / 2;

  class block {
    friend class memory_blocks;
    char* data_ = nullptr;
    std::size_t used_ = 0;      // From the beginning on, of parts that were given back as well.
    std::size_t parts_ = 0;     // That are not given back.
    std::size_t unsealed_ = 0;  // Of these.
    bool is_full_ = false;      // No part is taken of it any more.
  };
  struct part {
    char* data = nullptr;  // The start of a page of the system.
    block* from = nullptr;
  };

  memory_blocks() = default;
  memory_blocks(memory_blocks const&) = delete;
  memory_blocks& operator=(memory_blocks const&) = delete;
  // Requires: every part was given back.
  ~memory_blocks();

  // So many bytes, all zero, that may be written, of pages of their own; `data` is nullptr when
  // there is no memory. Requires: 0 < size <= part_max. Cost: a large page is zeroed, by the first
  // write into it, for each block.
  [[nodiscard]] part acquire(std::size_t size) noexcept;
  // Nobody writes to a part of this block any more who might have until now.
  void seal(block& of) noexcept;
  // Gives a part back, sealed or not, of the size that it was taken with.
  void release(part const& p, std::size_t size, bool is_sealed) noexcept;

  // How many there are, and how many of these may be filled on.
  std::size_t count() const noexcept { return count_; }
  std::size_t open_count() const noexcept;

 private:
  // Of so many a part takes the one that it fits best: one alone would often be retired half empty.
  static constexpr std::size_t open_max = 4;
  // With less room a block counts as full.
  static constexpr std::size_t room_min = std::size_t{64} << 10;

  block* find(std::size_t size) noexcept;
  block* add() noexcept;
  // No part is taken of it any more.
  void retire(block*& open) noexcept;
  static void protect(block const& b) noexcept;

  std::array<block*, open_max> open_{};
  std::size_t count_ = 0;
};

}  // namespace quire::io::posix
