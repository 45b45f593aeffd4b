#include "tests/parser/guarded_memory.hpp"

#include <sys/mman.h>
#include <unistd.h>
#include <new>

namespace quire::http::test {

guarded_memory::guarded_memory(std::size_t size) {
  auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  std::size_t const usable = (size + page - 1) / page * page;
  void* const all = mmap(nullptr, usable + 2 * page, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (all == MAP_FAILED) throw std::bad_alloc();
  first_ = static_cast<char*>(all) + page;
  last_ = first_ + usable;
  if (mprotect(first_, usable, PROT_READ | PROT_WRITE) != 0) throw std::bad_alloc();
}

guarded_memory::~guarded_memory() {
  auto const page = static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
  munmap(first_ - page, static_cast<std::size_t>(last_ - first_) + 2 * page);
}

}  // namespace quire::http::test
