#include <quire/buffer/slab_memory.hpp>

#include <sys/mman.h>
#include <unistd.h>

namespace quire::slab_memory {

void* map(std::size_t size) noexcept {
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : memory;
}

void discard(void* part, std::size_t size) noexcept {
  // Of a page of the system that is larger a part would be all.
  static auto const system_page = static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
  if (size % system_page == 0) ::madvise(part, size, MADV_DONTNEED);
}

void unmap(void* memory, std::size_t size) noexcept {
  ::munmap(memory, size);
}

}  // namespace quire::slab_memory
