// Encodes the content of a file in a content coding. RFC 1952 (gzip), RFC 7932 (br), RFC 8878
// (zstd).
//
// Made for work that is done once, in the background: the levels are those that pack best. A MiB of
// text costs about 0.07 (gzip), 0.8 (zstd) or 2 seconds (br), and up to 20 MiB of memory meanwhile.
// The same input gives the same bytes as long as the libraries are the same. Which codings there
// are depends on the libraries that the build found.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/server/site/content_coding.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>

namespace quire::server {

enum class encoding_outcome : std::uint8_t {
  encoded,
  too_long,   // It takes more than it may.
  no_memory,  // The encoder got none.
  stopped,
};

// Where an encoder takes its memory from: a few MiB, given back before it returns.
struct encoder_memory {
  void* (*allocate)(void* owner, std::size_t size);
  void (*release)(void* owner, void* memory);  // nullptr: nothing.
  void* owner;
};
[[nodiscard]] encoder_memory heap_memory() noexcept;

// Those that this build can make.
[[nodiscard]] coding_set encodable_codings() noexcept;

// Appends `in`, encoded, to what `out` holds: at most size_max bytes, written into its free space.
// Unless it is `encoded`, what was appended is worth nothing. Looks at `stop` at least once for
// each 4 KiB that it reads, but may work on what it has read for half a second. Any thread, as long
// as both buffers are nobody else's. Requires: coding is in encodable_codings(); out.writable() >=
// size_max.
[[nodiscard]] encoding_outcome encode(content_coding coding, buffer const& in, buffer& out,
                                      std::size_t size_max, std::atomic<bool> const& stop,
                                      encoder_memory const& memory = heap_memory()) noexcept;

}  // namespace quire::server
