// Where the next bytes of a buffer go: its free space, and a page of the pool when that is small.
//
// For back ends that know that there is something to receive: the page is taken for the call and
// stays only if it got bytes (clause 5). Lives on the stack.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>

#include <array>
#include <cstddef>
#include <span>

namespace quire::io {

class receive_space {
 public:
  // A page is added when less than this is free: large enough for a message to arrive in one call,
  // small enough that a peer who drips bytes cannot hold a page for each.
  static constexpr std::size_t size_min = page_pool::page_size / 4;

  receive_space(buffer& b, page_pool& pool) noexcept : buffer_(b), pool_(pool) {
    count_ = b.scatter(std::span(spans_).first(spans_max));
    for (std::size_t i = 0; i != count_; ++i) size_ += spans_[i].size;
    if (size_ >= size_min) return;
    in_buffer_ = size_;
    page_ = pool.acquire();
    if (page_ == nullptr) return;
    spans_[count_++] = {page_->write_position(), page_->writable()};
    size_ += page_->writable();
  }
  receive_space(receive_space const&) = delete;
  receive_space& operator=(receive_space const&) = delete;

  std::span<mutable_span const> spans() const noexcept { return std::span(spans_).first(count_); }
  // 0: the buffer is full and the pool is empty (clause 13).
  std::size_t size() const noexcept { return size_; }

  // n bytes have come. Called once.
  void commit(std::size_t n) noexcept {
    if (page_ != nullptr && n > in_buffer_) {
      buffer_.push(page_);
    } else if (page_ != nullptr) {
      pool_.release(page_);
    }
    buffer_.commit_write(n);
  }

 private:
  static constexpr std::size_t spans_max = 16;

  buffer& buffer_;
  page_pool& pool_;
  page* page_ = nullptr;
  std::size_t in_buffer_ = 0;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
  std::array<mutable_span, spans_max + 1> spans_;
};

}  // namespace quire::io
