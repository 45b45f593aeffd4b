// Writes text into memory of the caller and never past its end.
//
// What does not fit is not written, and neither is anything after it: the writer is then failed,
// and a caller needs to ask only once, at the end. Allocates nothing.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

namespace quire::server {

class text_writer {
 public:
  explicit text_writer(std::span<char> out) noexcept : out_(out) {}

  void text(std::string_view s) noexcept {
    if (failed_ || out_.size() - size_ < s.size()) return fail();
    std::copy(s.begin(), s.end(), out_.data() + size_);
    size_ += s.size();
  }
  void character(char c) noexcept {
    if (failed_ || out_.size() == size_) return fail();
    out_[size_++] = c;
  }
  void decimal(std::uint64_t value) noexcept { number(value, 10); }
  void hexadecimal(std::uint64_t value) noexcept { number(value, 16); }

  void fail() noexcept { failed_ = true; }
  bool failed() const noexcept { return failed_; }

  // Bytes written so far.
  std::size_t position() const noexcept { return size_; }
  // What is left, for whoever writes without this class, and says by wrote() how much.
  std::span<char> room() const noexcept { return out_.subspan(size_); }
  void wrote(std::optional<std::size_t> size) noexcept {
    if (!size) return fail();
    size_ += *size;
  }

  // Bytes written in all; nothing when something did not fit.
  std::optional<std::size_t> size() const noexcept {
    if (failed_) return std::nullopt;
    return size_;
  }

 private:
  void number(std::uint64_t value, unsigned base) noexcept {
    char digits[20];
    std::size_t first = sizeof digits;
    do {
      digits[--first] = "0123456789abcdef"[value % base];
      value /= base;
    } while (value != 0);
    text({digits + first, sizeof digits - first});
  }

  std::span<char> out_;
  std::size_t size_ = 0;
  bool failed_ = false;
};

}  // namespace quire::server
