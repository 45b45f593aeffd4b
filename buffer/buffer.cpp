#include <quire/buffer/buffer.hpp>

#include <algorithm>
#include <cassert>

namespace quire {

void buffer::push(page* p) noexcept {
  assert(p->next_ == nullptr && p->previous_ == nullptr && p != back_);
  p->previous_ = back_;
  if (back_ != nullptr) {
    back_->next_ = p;
  } else {
    front_ = p;
  }
  back_ = p;
  size_ += p->readable();
  if (p->readable() != 0 || write_page_ == nullptr) write_to(p, offset_ + size_);
}

void buffer::write_to(page* p, std::uint64_t number) noexcept {
  write_page_ = p;
  if (p != nullptr) p->base_ = number - reinterpret_cast<std::uintptr_t>(p->write_);
}

page* buffer::pop() noexcept {
  page* const p = front_;
  if (p == nullptr) return nullptr;
  offset_ += p->readable();
  size_ -= p->readable();
  front_ = p->next_;
  if (front_ != nullptr) {
    front_->previous_ = nullptr;
  } else {
    back_ = nullptr;
  }
  if (write_page_ == p) write_to(front_, offset_ + size_);
  p->next_ = nullptr;
  return p;
}

page* buffer::pop_consumed() noexcept {
  if (front_ == nullptr || front_->readable() != 0) return nullptr;
  if (front_ == write_page_ && front_->writable() != 0) return nullptr;
  return pop();
}

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

void buffer::commit_write(std::size_t n) noexcept {
  assert(n <= writable());
  size_ += n;
  while (n != 0) {
    std::size_t const here = std::min(n, write_page_->writable());
    write_page_->commit_write(here);
    n -= here;
    if (n != 0) write_to(write_page_->next_, offset_ + size_ - n);
  }
}

std::size_t buffer::gather(std::span<const_span> out) const noexcept {
  std::size_t used = 0;
  for (page_iterator run = pages_begin(); run != pages_end() && used != out.size(); ++run) {
    out[used++] = *run;
  }
  return used;
}

void buffer::commit_read(std::size_t n) noexcept {
  assert(n <= size_);
  size_ -= n;
  offset_ += n;
  for (page* p = front_; n != 0; p = p->next_) {
    std::size_t const here = std::min(n, p->readable());
    p->commit_read(here);
    n -= here;
  }
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
