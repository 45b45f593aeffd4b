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

  // The first octet from p on that is no token character, among the next 64; p + 64 if there is
  // none; end() or any octet behind it if the window ends before. Requires: begin <= p <= end().
  char const* token_end(char const* p) const noexcept { return p + run(not_token_, p); }

  // The same for octets that cannot stand in a field value, without the bound of 64.
  char const* value_end(char const* p) const noexcept {
    for (;;) {
      std::size_t const n = run(not_value_, p);
      p += n;
      if (n != 64 || p >= end_) return p;
    }
  }

 private:
  using words = std::array<std::uint64_t, scan::window_words + 2>;

  // Octets before the first mark among the 64 from p on.
  std::size_t run(words const& marks, char const* p) const noexcept {
    auto const at = static_cast<std::size_t>(p - begin_);
    std::size_t const shift = at % 64;
    std::uint64_t const low = marks[at / 64] >> shift;
    std::uint64_t const high = marks[at / 64 + 1] << 1 << (63 - shift);
    return static_cast<std::size_t>(std::countr_zero(low | high));
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
