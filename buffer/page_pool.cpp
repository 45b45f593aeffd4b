#include <quire/buffer/page_pool.hpp>
#include <quire/buffer/slab_memory.hpp>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace quire {
namespace {

// At so many slabs change_slab() looks: what that costs, when it is for nothing, is little beside a
// read of as many pages as are worth keeping together.
constexpr int looks_max = 64;
// At so many besides the current one acquire_side_by_side() looks, and at so many pages of each.
constexpr int other_looks_max = 2;
constexpr std::size_t page_looks_max = 32;
// It takes no slab while a slab's pages and such a part of those in use are free.
constexpr std::size_t unused_part = 16;

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
    if (s.free == nullptr) use_new(s, 1);
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

page_pool::slab* page_pool::add_slab() noexcept {
  if (bytes() + slab_size + set_aside_ > bytes_max()) return nullptr;
  void* const memory = slab_memory::map(slab_size);
  if (memory == nullptr) return nullptr;
  if (slab_count_ != 0) slab_memory::prefer_large_pages(memory, slab_size);
  slab& s = *::new (memory) slab;
  s.next = slabs_;
  slabs_ = &s;
  ++slab_count_;
  s.free_count = s.new_count = pages_per_slab;
  return &s;
}

bool page_pool::grow() noexcept {
  slab* const s = add_slab();
  if (s == nullptr) return false;
  make_current(*s);
  return true;
}

// The free ones of the current slab are in its list, if there is a free page at all. What somebody has
// had, anywhere, goes before what is new, which others want side by side.
bool page_pool::find_free() noexcept {
  slab** other = &others_;
  for (int looks = 0; *other != nullptr && looks != looks_max; ++looks) {
    slab& s = **other;
    if (s.free != nullptr) {
      *other = s.next_other;
      make_current(s);
      return true;
    }
    other = &s.next_other;
  }
  if (current_->new_count == 0 && !change_slab(1) && !grow()) return false;
  return current_->free != nullptr || use_new(*current_, 1);
}

// Puts so many new pages, or what there is, in front of the free ones, in the order of their
// addresses. False when there is none.
bool page_pool::use_new(slab& s, std::size_t count) noexcept {
  count = std::min(count, s.new_count);
  char* const memory = reinterpret_cast<char*>(&s);
  std::size_t const first = pages_per_slab - s.new_count;
  for (std::size_t i = first + count; i-- != first;) {
    char* const bytes = memory + (header_pages + i) * page_size;
    page* const p = ::new (memory + (1 + i) * header_size) page(bytes, bytes + page_size);
    p->next_ = s.free;
    s.free = p;
  }
  s.new_count -= count;
  return count != 0;
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

// The first of so many; behind them come others. New ones only when there are no others that do: so
// what comes and goes one by one does not cut them up.
page* page_pool::take_side_by_side(slab& s, std::size_t count) noexcept {
  page** before = &s.free;
  for (std::size_t looks = 0; looks < page_looks_max;) {
    page* last = *before;
    if (last == nullptr) break;
    std::size_t found = 1;
    for (; found != count && last->next_ != nullptr; ++found, last = last->next_) {
      if (last->next_->first() != last->last()) break;
    }
    if (found == count) {
      s.free_count -= count;
      return std::exchange(*before, last->next_);
    }
    looks += found;
    before = &last->next_;
  }
  if (s.new_count < count) return nullptr;
  page* const others = s.free;
  use_new(s, count);
  s.free_count -= count;
  return std::exchange(s.free, others);
}

// The newest slab, or a newer one, with so many new pages; it is none of the others any more. Those
// before it have less than a run of them left. nullptr: there is none, and no room for one.
page_pool::slab* page_pool::take_newest(std::size_t count) noexcept {
  if (slabs_ == nullptr || slabs_ == current_ || slabs_->new_count < count) {
    std::size_t const unused = slab_count_ * pages_per_slab - in_use_ - lent_count_;
    return unused > pages_per_slab + in_use_ / unused_part ? nullptr : add_slab();
  }
  slab** link = &others_;
  while (*link != slabs_) {
    assert(*link != nullptr);
    link = &(*link)->next_other;
  }
  *link = slabs_->next_other;
  return slabs_;
}

bool page_pool::acquire_side_by_side(std::span<page*> pages) noexcept {
  std::size_t const count = pages.size();
  assert(count != 0 && count <= pages_per_slab);
  page* first = take_side_by_side(*current_, count);
  slab** other = &others_;
  for (int looks = 0; first == nullptr && *other != nullptr && looks != other_looks_max; ++looks) {
    slab& s = **other;
    first = take_side_by_side(s, count);
    if (s.free_count == 0) {
      *other = s.next_other;
    } else {
      other = &s.next_other;
    }
  }
  if (first == nullptr) {
    slab* const s = take_newest(count);
    if (s == nullptr) return false;
    first = take_side_by_side(*s, count);
    if (s->free_count != 0) add_other(*s);
  }
  for (page*& p : pages) p = std::exchange(first, std::exchange(first->next_, nullptr));
  in_use_ += count;
  return true;
}

mutable_span page_pool::memory(slab const* s) noexcept {
  return {const_cast<char*>(reinterpret_cast<char const*>(s)), slab_size};
}

}  // namespace quire
