#include <quire/server/output.hpp>

#include <cassert>
#include <cstring>

namespace quire::server {

char* output::reserve_text(std::size_t n) noexcept {
  assert(n <= text_max);
  if (current_ == nullptr || current_->writable() < n) {
    page* const p = pool_.acquire();
    if (p == nullptr) return nullptr;
    text_.push(p);
    current_ = p;
  }
  return current_->write_position();
}

void output::commit_text(std::size_t n) noexcept {
  // Text behind text stays one span.
  if (ends_with_text()) {
    spans_[count_ - 1].size += n;
  } else {
    assert(count_ != spans_max);
    spans_[count_++] = {current_->write_position(), n};
  }
  current_->commit_write(n);
  bytes_ += n;
}

void output::add(const_span bytes) noexcept {
  if (bytes.size <= copied_max && ends_with_text() && bytes.size <= current_->writable()) {
    std::memcpy(current_->write_position(), bytes.data, bytes.size);
    return commit_text(bytes.size);
  }
  bytes_ += bytes.size;
  // Pages that were filled one after the other mostly lie so.
  if (count_ != first_ && spans_[count_ - 1].data + spans_[count_ - 1].size == bytes.data) {
    spans_[count_ - 1].size += bytes.size;
    return;
  }
  assert(count_ != spans_max);
  spans_[count_++] = bytes;
}

void output::sent(std::size_t n) noexcept {
  assert(n <= bytes_);
  bytes_ -= n;
  while (n != 0) {
    const_span& front = spans_[first_];
    if (n < front.size) {
      front.data += n;
      front.size -= n;
      return;
    }
    n -= front.size;
    ++first_;
  }
}

void output::clear() noexcept {
  while (page* const p = text_.pop()) pool_.release(p);
  current_ = nullptr;
  first_ = count_ = 0;
  bytes_ = 0;
}

}  // namespace quire::server
