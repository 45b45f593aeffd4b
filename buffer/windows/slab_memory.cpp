#include <quire/buffer/slab_memory.hpp>

#include <windows.h>

namespace quire::slab_memory {

void* map(std::size_t size) noexcept {
  return ::VirtualAlloc(nullptr, size, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
}

void discard(void* part, std::size_t size) noexcept {
  ::VirtualAlloc(part, size, MEM_RESET, PAGE_READWRITE);
}

void unmap(void* memory, std::size_t) noexcept {
  ::VirtualFree(memory, 0, MEM_RELEASE);
}

}  // namespace quire::slab_memory
