#include <quire/buffer/page_pool.hpp>
#include <quire/buffer/slab_memory.hpp>

#include <cassert>
#include <new>
#include <utility>

namespace quire {
namespace {

// At so many slabs change_slab() looks: what that costs, when it is for nothing, is little beside a
// read of as many pages as are worth keeping together.
constexpr int looks_max = 64;

}  // namespace

static_assert(sizeof(page_pool::slab) <= page_pool::header_size &&
                  sizeof(page) <= page_pool::header_size &&
                  (1 + page_pool::pages_per_slab) * page_pool::header_size <=
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

std::size_t page_pool::pages_that_can_be_lent() const noexcept {
  std::size_t count = 0;
  for (slab const* s = slabs_; s != nullptr; s = s->next) count += s->pinned ? 0 : s->free_count;
  return count;
}

bool page_pool::set_aside(std::size_t size) noexcept {
  if (size > bytes_max()) return false;
  std::size_t const lent = pages_to_lend(set_aside_ + size);
  if (lent > lent_count_) {
    std::size_t const more = lent - lent_count_;
    if (more > slab_size / page_size || more > pages_that_can_be_lent()) return false;
    for (slab** link = &others_; *link != nullptr;) {
      slab& s = **link;
      lend_from(s, lent);
      if (s.free_count == 0) {
        *link = s.next_other;
      } else {
        link = &s.next_other;
      }
    }
    lend_from(*current_, lent);
  }
  set_aside_ += size;
  return true;
}

// Until so many are lent in all.
void page_pool::lend_from(slab& s, std::size_t lent) noexcept {
  if (s.pinned) return;
  for (; lent_count_ < lent && s.free_count != 0; ++lent_count_) {
    page* const p = s.free;
    s.free = std::exchange(p->next_, lent_);
    --s.free_count;
    lent_ = p;
    slab_memory::discard(p->first(), page_size);
  }
}

void page_pool::give_back(std::size_t size) noexcept {
  assert(size <= set_aside_);
  set_aside_ -= size;
  for (std::size_t const lent = pages_to_lend(set_aside_); lent_count_ > lent; --lent_count_) {
    page* const p = lent_;
    lent_ = p->next_;
    free(*p);
  }
}

bool page_pool::grow() noexcept {
  if (bytes() + slab_size + set_aside_ > bytes_max()) return false;
  void* const memory = slab_memory::map(slab_size);
  if (memory == nullptr) return false;
  if (slab_count_ != 0) slab_memory::prefer_large_pages(memory, slab_size);
  slab& s = *::new (memory) slab;
  s.next = slabs_;
  slabs_ = &s;
  ++slab_count_;
  char* const bytes = static_cast<char*>(memory);
  char* header = bytes + (1 + pages_per_slab) * header_size;
  // From the last to the first, so that pages are handed out in the order of their addresses.
  for (std::size_t i = pages_per_slab; i-- != 0;) {
    header -= header_size;
    char* const first = bytes + (header_pages + i) * page_size;
    page* const p = ::new (header) page(first, first + page_size);
    p->next_ = s.free;
    s.free = p;
  }
  s.free_count = pages_per_slab;
  make_current(s);
  return true;
}

// To one that has so many free pages, else to the one that has the most. False when no page is
// free.
bool page_pool::change_slab(std::size_t count) noexcept {
  slab** best = &others_;
  slab** s = &others_;
  for (int looks = 0; *s != nullptr && looks != looks_max; ++looks) {
    if ((*s)->free_count > (*best)->free_count) best = s;
    if ((*best)->free_count >= count) break;
    s = &(*s)->next_other;
  }
  slab* const found = *best;
  if (found == nullptr) return current_->free_count != 0;
  if (found->free_count <= current_->free_count) return true;
  *best = found->next_other;
  make_current(*found);
  return true;
}

void page_pool::make_current(slab& s) noexcept {
  if (current_->free_count != 0) add_other(*current_);
  current_ = &s;
}

mutable_span page_pool::memory(slab const* s) noexcept {
  return {const_cast<char*>(reinterpret_cast<char const*>(s)), slab_size};
}

}  // namespace quire
