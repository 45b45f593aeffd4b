// The head of a response as it was written once, to be sent many times with a fresh date.
//
// A text of usual length lies in the object itself, so that who has read one has not to wait for
// memory again.
#pragma once

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quire::server {

class prepared_head {
 public:
  prepared_head() = default;
  // The head without Connection and the empty line; where the value of Date begins in it, which
  // whoever sends it writes; and the field lines that 304 repeats (RFC 9110, section 15.4.5). Throws
  // std::bad_alloc.
  prepared_head(std::string_view text, std::size_t date_offset, std::size_t validators_offset = 0,
                std::size_t validators_end = 0)
      : size_(static_cast<std::uint16_t>(text.size())),
        date_offset_(static_cast<std::uint16_t>(date_offset)),
        validators_offset_(static_cast<std::uint16_t>(validators_offset)),
        validators_end_(static_cast<std::uint16_t>(validators_end)) {
    assert(text.size() <= UINT16_MAX);
    if (is_short()) {
      std::copy(text.begin(), text.end(), short_.begin());
    } else {
      long_ = text;
    }
  }

  std::string_view text() const noexcept {
    return {is_short() ? short_.data() : long_.data(), size_};
  }
  std::size_t date_offset() const noexcept { return date_offset_; }
  std::string_view validators() const noexcept {
    return text().substr(validators_offset_, validators_end_ - std::size_t{validators_offset_});
  }

 private:
  static constexpr std::size_t short_max = 296;

  bool is_short() const noexcept { return size_ <= short_max; }

  std::uint16_t size_ = 0;
  std::uint16_t date_offset_ = 0;
  std::uint16_t validators_offset_ = 0;
  std::uint16_t validators_end_ = 0;
  std::array<char, short_max> short_;
  std::string long_;
};

}  // namespace quire::server
