#include <quire/buffer/buffer.hpp>

#include <algorithm>
#include <cassert>

namespace quire {

page* buffer::pop_unwritten() noexcept {
  page* const p = back_;
  if (p == nullptr || p->write_ != p->first_) return nullptr;
  back_ = p->previous_;
  if (back_ != nullptr) {
    back_->next_ = nullptr;
  } else {
    front_ = nullptr;
  }
  if (write_page_ == p) write_to(back_, offset_ + size_);
  p->previous_ = nullptr;
  return p;
}

std::size_t buffer::writable() const noexcept {
  std::size_t n = 0;
  for (page const* p = write_page_; p != nullptr; p = p->next_) n += p->writable();
  return n;
}

std::size_t buffer::scatter(std::span<mutable_span> out) noexcept {
  std::size_t used = 0;
  for (page const* p = write_page_; p != nullptr && used != out.size(); p = p->next_) {
    if (p->writable() != 0) out[used++] = {p->write_, p->writable()};
  }
  return used;
}

std::size_t buffer::gather(std::span<const_span> out) const noexcept {
  std::size_t used = 0;
  for (page_iterator run = pages_begin(); run != pages_end() && used != out.size(); ++run) {
    out[used++] = *run;
  }
  return used;
}

buffer::iterator& buffer::iterator::operator+=(difference_type n) noexcept {
  while (n != 0) {
    difference_type const here = page_->write_position() - position();
    if (n <= here) {
      address_ += static_cast<std::uintptr_t>(n);
      return *this;
    }
    n -= here;
    address_ += static_cast<std::uintptr_t>(here);
    *this = at_byte();
  }
  return *this;
}

}  // namespace quire
