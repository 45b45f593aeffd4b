// What the cache knows of one path: a generation of the file, that there is none, or that it is a
// directory; since when that is known; and who is finding out.
//
// Generations come and go in it. Owned by the cache; it stays as long as it is in one of the
// queues or somebody looks at the file.
#pragma once

#include <quire/io/error.hpp>
#include <quire/server/representation.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace quire::server {

template <io::proactor Proactor>
class file_loader;
template <io::proactor Proactor>
struct watched_names;

// How a path was found, or not.
enum class load_outcome : std::uint8_t {
  found,
  directory,       // The path names a directory, but does not end in a slash.
  failed,          // error() says why.
  unstable,        // The file did not come to rest, or changed each time that it was read.
  not_acceptable,  // The client accepts no content coding in which the file is there.
  no_site,         // The root is gone.
};

// Which queue of the cache holds an entry (eviction_queues.hpp).
enum class cache_queue : std::uint8_t { none, small, main, streamed, absent };

template <io::proactor Proactor>
struct alignas(64) file_entry {
  // What a hit needs comes first, in two lines of the processor's cache. Below the root: "docs/" for
  // "docs/index.html". Of an encoded file that of the file and a NUL, which no path holds: what
  // "page.html.br" is to who asks for "page.html" is not what it is to who asks for it.
  std::string path;
  representation<Proactor>* generation = nullptr;  // Of what was found.
  io::instant checked = never;                     // When that was last known to be right.
  // Among those of a directory whose changes are told (change_watch.hpp).
  watched_names<Proactor>* listed_in = nullptr;
  load_outcome outcome = load_outcome::failed;
  io::error error = io::error::none;
  cache_queue queue = cache_queue::none;
  std::uint8_t frequency = 0;  // Of use, up to 3.
  bool watched = false;        // No look is needed while nothing is said to have changed.
  std::uint8_t next_target = 0;
  // Request-targets that mean this path, as they were sent; empty: none.
  std::array<std::string, 2> targets;

  std::uint64_t hash = 0;       // Of the path.
  io::instant noticed = never;  // When it was last said to have changed.
  file_entry* next_listed = nullptr;
  file_entry* previous_listed = nullptr;

  file_loader<Proactor>* flight = nullptr;  // Is looking at the file, for all who ask meanwhile.

  std::size_t bytes = 0;  // That the cache counts for it.
  file_entry* newer = nullptr;
  file_entry* older = nullptr;

  // Memory that it costs with all that it holds, about.
  std::size_t cost() const noexcept {
    std::size_t all = sizeof(file_entry) + path.capacity();
    for (std::string const& t : targets) all += t.capacity();
    return all + (generation != nullptr ? generation->bytes() : 0);
  }
};

inline constexpr std::string_view index_name = "index.html";

}  // namespace quire::server
