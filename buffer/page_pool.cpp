#include <quire/buffer/page_pool.hpp>
#include <quire/buffer/slab_memory.hpp>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace quire {

// Stands at the start of a slab; the headers of the pages follow it.
struct page_pool::slab {
  slab* next;
};

static_assert(sizeof(void*) * 2 + page_pool::pages_per_slab * sizeof(page) <=
                  page_pool::header_pages * page_pool::page_size,
              "the headers of a slab fit in front of its pages");

page_pool::page_pool(std::size_t bytes_max) noexcept
    : slab_count_max_((bytes_max + slab_size - 1) / slab_size) {}

page_pool::~page_pool() {
  assert(in_use_ == 0 && set_aside_ == 0);
  while (slabs_ != nullptr) {
    slab* const s = slabs_;
    slabs_ = s->next;
    slab_memory::unmap(s, slab_size);
  }
}

std::size_t page_pool::pages_to_lend(std::size_t set_aside) const noexcept {
  std::size_t const all = bytes() + set_aside;
  return all <= bytes_max() ? 0 : (all - bytes_max() + page_size - 1) / page_size;
}

bool page_pool::set_aside(std::size_t size) noexcept {
  if (size > bytes_max()) return false;
  std::size_t const lent = pages_to_lend(set_aside_ + size);
  if (lent > lent_count_) {
    std::size_t const free = slab_count_ * pages_per_slab - in_use_ - lent_count_;
    if (lent - lent_count_ > std::min(free, slab_size / page_size)) return false;
  }
  set_aside_ += size;
  for (; lent_count_ < lent; ++lent_count_) {
    page* const p = free_;
    free_ = std::exchange(p->next_, lent_);
    lent_ = p;
    slab_memory::discard(p->first(), page_size);
  }
  return true;
}

void page_pool::give_back(std::size_t size) noexcept {
  assert(size <= set_aside_);
  set_aside_ -= size;
  for (std::size_t const lent = pages_to_lend(set_aside_); lent_count_ > lent; --lent_count_) {
    page* const p = lent_;
    lent_ = std::exchange(p->next_, free_);
    free_ = p;
  }
}

bool page_pool::grow() noexcept {
  if (bytes() + slab_size + set_aside_ > bytes_max()) return false;
  void* const memory = slab_memory::map(slab_size);
  if (memory == nullptr) return false;
  slabs_ = ::new (memory) slab{slabs_};
  ++slab_count_;
  char* const bytes = static_cast<char*>(memory);
  char* header = bytes + 2 * sizeof(void*);
  // From the last to the first, so that pages are handed out in the order of their addresses.
  header += pages_per_slab * sizeof(page);
  for (std::size_t i = pages_per_slab; i-- != 0;) {
    header -= sizeof(page);
    char* const first = bytes + (header_pages + i) * page_size;
    page* const p = ::new (header) page(first, first + page_size);
    p->next_ = free_;
    free_ = p;
  }
  return true;
}

page_pool::slab const* page_pool::next_slab(slab const* s) const noexcept {
  return s == nullptr ? slabs_ : s->next;
}

mutable_span page_pool::memory(slab const* s) noexcept {
  return {const_cast<char*>(reinterpret_cast<char const*>(s)), slab_size};
}

}  // namespace quire
