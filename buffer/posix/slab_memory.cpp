#include <quire/buffer/slab_memory.hpp>

#include <sys/mman.h>
#include <unistd.h>

#include <cstddef>
#include <cstdint>

namespace quire::slab_memory {
namespace {

char* map_pages(std::size_t size) noexcept {
  void* const memory =
      ::mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory == MAP_FAILED ? nullptr : static_cast<char*>(memory);
}

// To the next address that is aligned to the size.
std::size_t distance(char const* memory, std::size_t size) noexcept {
  return -reinterpret_cast<std::uintptr_t>(memory) & (size - 1);
}

}  // namespace

// The system aligns to a page only, but puts one mapping beside the other: after an aligned one
// comes an aligned one, as a rule, and both are one to the kernel. Else twice as much holds an
// aligned part, and the rest goes back.
void* map(std::size_t size) noexcept {
  char* const memory = map_pages(size);
  if (memory == nullptr || distance(memory, size) == 0) return memory;
  ::munmap(memory, size);
  char* const twice = map_pages(2 * size);
  if (twice == nullptr) return nullptr;
  std::size_t const before = distance(twice, size);
  if (before != 0) ::munmap(twice, before);
  ::munmap(twice + before + size, size - before);
  return twice + before;
}

void prefer_large_pages([[maybe_unused]] void* memory, [[maybe_unused]] std::size_t size) noexcept {
#ifdef MADV_HUGEPAGE
  ::madvise(memory, size, MADV_HUGEPAGE);
#endif
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
