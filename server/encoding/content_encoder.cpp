#include <quire/server/encoding/content_encoder.hpp>

#include <quire/server/encoding/encoder_table.hpp>

#include <cassert>
#include <cstdlib>

namespace quire::server {

encoder_memory heap_memory() noexcept {
  return {[](void*, std::size_t size) { return std::malloc(size); },
          [](void*, void* memory) { std::free(memory); }, nullptr};
}

coding_set encodable_codings() noexcept {
  coding_set all;
  for (encoder const* e : encoders()) all.add(e->coding);
  return all;
}

encoding_outcome encode(content_coding coding, buffer const& in, buffer& out, std::size_t size_max,
                        std::atomic<bool> const& stop, encoder_memory const& memory) noexcept {
  assert(out.writable() >= size_max);
  for (encoder const* e : encoders()) {
    if (e->coding == coding) return e->encode({in, out, size_max, stop, memory});
  }
  assert(false);
  return encoding_outcome::no_memory;
}

}  // namespace quire::server
