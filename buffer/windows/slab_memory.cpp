#include <quire/buffer/slab_memory.hpp>

#include <windows.h>

#include <cstdint>

namespace quire::slab_memory {
namespace {

// Another thread may take the place that was found; this often in a row it is not to be expected.
constexpr int attempts_max = 16;

}  // namespace

// The system aligns to 64 KiB only, and gives no part of a reservation back: a reservation of twice
// as much shows where there is an aligned part.
void* map(std::size_t size) noexcept {
  for (int i = 0; i != attempts_max; ++i) {
    void* const place = ::VirtualAlloc(nullptr, 2 * size, MEM_RESERVE, PAGE_NOACCESS);
    if (place == nullptr) return nullptr;
    std::size_t const before = -reinterpret_cast<std::uintptr_t>(place) & (size - 1);
    ::VirtualFree(place, 0, MEM_RELEASE);
    void* const memory = ::VirtualAlloc(static_cast<char*>(place) + before, size,
                                        MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
    if (memory != nullptr) return memory;
  }
  return nullptr;
}

// These need a privilege there, and are never paged out.
void prefer_large_pages(void*, std::size_t) noexcept {}

void discard(void* part, std::size_t size) noexcept {
  ::VirtualAlloc(part, size, MEM_RESET, PAGE_READWRITE);
}

void unmap(void* memory, std::size_t) noexcept {
  ::VirtualFree(memory, 0, MEM_RELEASE);
}

}  // namespace quire::slab_memory
