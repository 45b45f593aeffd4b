// Marks for the next octets of contiguous input, so that the ends of names and values are found by
// shifts instead of scans.
//
// One call to the scan kernel classifies up to window_size octets; every element that lies in them
// is then found in a few instructions. A window is only a memory of what was classified: it is used
// while each call goes on exactly where the last one stopped, with the same end. Costs 160 octets.
#pragma once

#include <quire/parser/scan.hpp>

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>

namespace quire::http::detail {

class scan_window {
 public:
  // True when the marks for the octets from `first` on are known. Requires: unconsumed octets are
  // the same as in the call before, if they are at the same address.
  bool covers(char const* first, char const* last) const noexcept {
    return first == next_ && last == last_;
  }

  void fill(char const* first, char const* last) noexcept {
    std::size_t const size = std::min(static_cast<std::size_t>(last - first), scan::window_size);
    scan::active_kernel().classify(first, size, not_token_.data(), not_value_.data());
    not_token_[(size + 63) / 64] = ~std::uint64_t{0};
    not_value_[(size + 63) / 64] = ~std::uint64_t{0};
    begin_ = next_ = first;
    end_ = first + size;
    last_ = last;
  }

  // The next call goes on here, with the same end. Behind the window nothing is known.
  void go_on_at(char const* first) noexcept { next_ = first <= end_ ? first : nullptr; }
  void forget() noexcept { next_ = nullptr; }

  char const* end() const noexcept { return end_; }

  // The first octet from p on that is no token character, or that cannot stand in a field value;
  // end() or behind it if there is none in the window. Requires: begin <= p <= end().
  char const* token_end(char const* p) const noexcept { return first_mark(not_token_, p); }
  char const* value_end(char const* p) const noexcept { return first_mark(not_value_, p); }

 private:
  using words = std::array<std::uint64_t, scan::window_words + 1>;

  // All bits from the end of the window on are set, for 64 at least.
  char const* first_mark(words const& marks, char const* p) const noexcept {
    auto const at = static_cast<std::size_t>(p - begin_);
    std::uint64_t const* word = &marks[at / 64];
    std::uint64_t here = *word >> at % 64;
    if (here != 0) [[likely]]
      return p + std::countr_zero(here);
    do here = *++word;
    while (here == 0);
    return begin_ + (word - marks.data()) * 64 + std::countr_zero(here);
  }

  char const* next_ = nullptr;
  char const* begin_ = nullptr;
  char const* end_ = nullptr;
  char const* last_ = nullptr;
  words not_token_{};
  words not_value_{};
};

// What a parser over other iterators has in its place.
struct no_window {};

}  // namespace quire::http::detail
