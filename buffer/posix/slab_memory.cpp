#include <quire/buffer/slab_memory.hpp>

#include <sys/mman.h>

namespace quire::slab_memory {

void* map(std::size_t size) noexcept {
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

void unmap(void* memory, std::size_t size) noexcept {
  ::munmap(memory, size);
}

}  // namespace quire::slab_memory
