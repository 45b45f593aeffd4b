#include <quire/buffer/slab_memory.hpp>
#include <quire/io/posix/memory_blocks.hpp>
#include <quire/io/posix/system_page.hpp>

#include <sys/mman.h>

#include <algorithm>
#include <cassert>
#include <new>
#include <utility>

namespace quire::io::posix {

memory_blocks::~memory_blocks() {
  assert(count_ == 0);
}

std::size_t memory_blocks::open_count() const noexcept {
  return open_.size() - static_cast<std::size_t>(std::count(open_.begin(), open_.end(), nullptr));
}

memory_blocks::part memory_blocks::acquire(std::size_t size) noexcept {
  assert(size != 0 && size <= part_max);
  std::size_t const taken = in_system_pages(size);
  block* b = find(taken);
  if (b == nullptr) b = add();
  if (b == nullptr) return {};
  part const p{b->data_ + b->used_, b};
  b->used_ += taken;
  ++b->parts_;
  ++b->unsealed_;
  return p;
}

// The fullest in which there is room, so that the others keep theirs for what is larger.
memory_blocks::block* memory_blocks::find(std::size_t size) noexcept {
  block* best = nullptr;
  for (block* const b : open_) {
    if (b == nullptr || block_size - b->used_ < size) continue;
    if (best == nullptr || b->used_ > best->used_) best = b;
  }
  return best;
}

// In the place of one that is hardly of use any more.
memory_blocks::block* memory_blocks::add() noexcept {
  auto* const b = new (std::nothrow) block;
  if (b == nullptr) return nullptr;
  b->data_ = static_cast<char*>(slab_memory::map(block_size));
  if (b->data_ == nullptr) {
    delete b;
    return nullptr;
  }
  slab_memory::prefer_large_pages(b->data_, block_size);
  ++count_;
  block** place = std::find(open_.begin(), open_.end(), nullptr);
  if (place == open_.end()) {
    place = std::max_element(open_.begin(), open_.end(),
                             [](block const* a, block const* c) { return a->used_ < c->used_; });
    retire(*place);
  }
  return *place = b;
}

void memory_blocks::retire(block*& open) noexcept {
  block& b = *std::exchange(open, nullptr);
  b.is_full_ = true;
  if (b.unsealed_ == 0) protect(b);
}

// All of it at once, which leaves a large page what it is. If the system does not want to, there is
// one guard less.
void memory_blocks::protect(block const& b) noexcept {
  static_cast<void>(::mprotect(b.data_, block_size, PROT_READ));
}

void memory_blocks::seal(block& of) noexcept {
  assert(of.unsealed_ != 0);
  --of.unsealed_;
  if (of.is_full_) {
    if (of.unsealed_ == 0) protect(of);
  } else if (block_size - of.used_ < room_min) {
    retire(*std::find(open_.begin(), open_.end(), &of));
  }
}

void memory_blocks::release(part const& p, std::size_t size, bool is_sealed) noexcept {
  block& b = *p.from;
  if (!is_sealed) seal(b);
  if (--b.parts_ != 0) return slab_memory::discard(p.data, in_system_pages(size));
  if (!b.is_full_) *std::find(open_.begin(), open_.end(), &b) = nullptr;
  slab_memory::unmap(b.data_, block_size);
  delete &b;
  --count_;
}

}  // namespace quire::io::posix
