// Scanning contiguous octets with the kernel that was chosen for this processor.
//
// The choice falls on the first use and costs one load after that; it needs no constructor that
// runs before main(). use_kernel() is for tests and measurements.
#pragma once

#include <quire/parser/characters.hpp>
#include <quire/parser/scan_kernel.hpp>

#include <atomic>
#include <cstddef>

namespace quire::http::scan {

namespace detail {
// Starts as a kernel whose functions make the choice and pass the call on.
extern constinit std::atomic<kernel const*> active;
}  // namespace detail

inline kernel const& active_kernel() noexcept {
  return *detail::active.load(std::memory_order_relaxed);
}

// Lets all parsers use `k` from now on. Requires: the processor has its instructions.
inline void use_kernel(kernel const& k) noexcept {
  detail::active.store(&k, std::memory_order_relaxed);
}

// The first octet of [first, last) that is not of the class, or last.
template <character_class Class>
char const* find_end(char const* first, char const* last) noexcept {
  if constexpr (Class == character_class::token) {
    return active_kernel().find_token_end(first, last);
  } else if constexpr (Class == character_class::field_value) {
    return active_kernel().find_value_end(first, last);
  } else {
    static_assert(Class == character_class::target);
    return active_kernel().find_target_end(first, last);
  }
}

}  // namespace quire::http::scan
