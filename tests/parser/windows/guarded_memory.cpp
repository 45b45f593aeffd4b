#include "tests/parser/guarded_memory.hpp"

#include <windows.h>
#include <new>

namespace quire::http::test {
namespace {
constexpr std::size_t page = 4096;
}

guarded_memory::guarded_memory(std::size_t size) {
  std::size_t const usable = (size + page - 1) / page * page;
  void* const all = VirtualAlloc(nullptr, usable + 2 * page, MEM_RESERVE, PAGE_NOACCESS);
  if (all == nullptr) throw std::bad_alloc();
  first_ = static_cast<char*>(all) + page;
  last_ = first_ + usable;
  if (VirtualAlloc(first_, usable, MEM_COMMIT, PAGE_READWRITE) == nullptr) throw std::bad_alloc();
}

guarded_memory::~guarded_memory() {
  VirtualFree(first_ - page, 0, MEM_RELEASE);
}

}  // namespace quire::http::test
