// Responses that are ready to be sent: what one gather send, or several, will put on the
// connection.
//
// Heads and generated bodies are written into pages of the pool; bodies of cached files are referred
// to where they lie, those side by side by one span, or copied behind their head when they are
// short. So all answers to the requests that came in one receive leave in one send.
//
// Invariant: what was added leaves in the order of adding; nothing that a span refers to changes
// before clear() is called.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/memory_span.hpp>
#include <quire/buffer/page_pool.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace quire::server {

class output {
 public:
  // Spans that one batch can hold. A batch is sent when another response might not fit.
  static constexpr std::size_t spans_max = 128;
  // The longest head, and the longest body of a generated page.
  static constexpr std::size_t text_max = page_pool::page_size;

  explicit output(page_pool& pool) noexcept : pool_(pool) {}
  output(output const&) = delete;
  output& operator=(output const&) = delete;
  ~output() { clear(); }

  bool empty() const noexcept { return first_ == count_; }
  // Spans that can still be added. Text takes one.
  std::size_t room() const noexcept { return spans_max - count_; }
  std::uint64_t bytes() const noexcept { return bytes_; }

  // Room for `n` bytes of text, in one piece; nullptr when the pool is empty. Requires: n <=
  // text_max. The text becomes part of the output by commit_text(), before anything else is added.
  [[nodiscard]] char* reserve_text(std::size_t n) noexcept;
  // Requires: room() != 0.
  void commit_text(std::size_t n) noexcept;

  // Behind text, so few bytes are copied: one span more costs the kernel as much as these do.
  static constexpr std::size_t copied_max = 2048;
  // Adds bytes that stay until clear(). Requires: room() != 0.
  void add(const_span bytes) noexcept;

  std::span<const_span const> unsent() const noexcept {
    return std::span(spans_).subspan(first_, count_ - first_);
  }
  // The first n bytes of unsent() left. Requires: there are so many.
  void sent(std::size_t n) noexcept;

  // Forgets everything; the pages go back to the pool.
  void clear() noexcept;

 private:
  // The last span is the text that the current page ends with.
  bool ends_with_text() const noexcept {
    return current_ != nullptr && count_ != first_ &&
           spans_[count_ - 1].data + spans_[count_ - 1].size == current_->write_position();
  }

  page_pool& pool_;
  buffer text_;  // Only keeps the pages of text; the last one is written to.
  page* current_ = nullptr;
  std::size_t first_ = 0;
  std::size_t count_ = 0;
  std::uint64_t bytes_ = 0;
  std::array<const_span, spans_max> spans_;
};

}  // namespace quire::server
