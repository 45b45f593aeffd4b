#include <quire/buffer/byte_range.hpp>

#include <algorithm>
#include <cassert>
#include <cstring>

namespace quire {

std::string_view byte_range::copied(std::span<char> scratch) const noexcept {
  assert(scratch.size() >= size());
  char const* const end = copy_to(scratch.data());
  return {scratch.data(), static_cast<std::size_t>(end - scratch.data())};
}

char* byte_range::copy_to(char* out) const noexcept {
  buffer::iterator from = first;
  for (std::size_t left = size(); left != 0;) {
    const_span const run = from.run();
    std::size_t const here = std::min(left, run.size);
    std::memcpy(out, run.data, here);
    out += here;
    left -= here;
    from += static_cast<std::ptrdiff_t>(here);
  }
  return out;
}

}  // namespace quire
