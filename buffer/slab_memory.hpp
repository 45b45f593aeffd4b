// Memory for slabs, from the operating system. One source file for each platform.
#pragma once

#include <cstddef>

namespace quire::slab_memory {

// `size` bytes, a power of two of at least 64 KiB, aligned to it, zeroed, readable and writable;
// nullptr when there is none.
[[nodiscard]] void* map(std::size_t size) noexcept;
// Private memory of whole pages, of map() or another's, that nobody has written to yet is best
// backed by large pages of the operating system. A hint, of which nothing may come.
void prefer_large_pages(void* memory, std::size_t size) noexcept;
// A part of it, aligned to 4 KiB, holds nothing that is needed: the operating system may have the
// memory until somebody writes there. A hint, of which nothing may come.
void discard(void* part, std::size_t size) noexcept;
// Gives back what map() returned.
void unmap(void* memory, std::size_t size) noexcept;

}  // namespace quire::slab_memory
