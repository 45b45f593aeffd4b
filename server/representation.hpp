// One generation of a file: what is sent under one entity tag.
//
// Immutable once it is in use, so that no response ever mixes old bytes and new. A small file's
// content lies in pages of the pool; a large one is an open file, read while it is sent and
// compared with `status` at every read. The head of its 200 response is made once; only the date is
// fresh.
//
// Counted references, of one thread: the cache holds one, each response that is under way another.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>
#include <quire/io/proactor.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace quire::server {

template <io::proactor Proactor>
class file_loader;

template <io::proactor Proactor>
struct representation {
  std::string path;  // Below the root, as the cache knows it: "docs/" for "docs/index.html".
  std::string entity_tag;
  std::string head;  // Of the 200 response, without Connection and the empty line.
  std::size_t date_offset = 0;
  io::file_status status;
  std::optional<std::int64_t> last_modified;  // Seconds since 1970.
  io::instant checked{};                      // When it was last known to be what the file is.

  buffer content;                // Of a small file.
  typename Proactor::file file;  // Of a large one.
  bool in_memory = false;

  file_loader<Proactor>* checker = nullptr;  // Is looking whether the file is still this.
  std::uint32_t references = 0;
  bool cached = false;
  bool used_again = false;  // Since the cache's hand last came by.
  representation* next_in_bucket = nullptr;
  representation* next_in_queue = nullptr;
  representation* previous_in_queue = nullptr;

  static constexpr std::string_view index_name = "index.html";

  // True when the path means the index file of a directory.
  static bool names_directory(std::string_view path) noexcept {
    return path.empty() || path.back() == '/';
  }
  // The file's own name, or a path that ends in it.
  std::string_view name() const noexcept { return names_directory(path) ? index_name : path; }

  // Memory that it costs, about.
  std::size_t bytes() const noexcept {
    return sizeof(representation) + path.capacity() + head.capacity() +
           (in_memory ? (status.size + page_pool::page_size - 1) / page_pool::page_size *
                            page_pool::page_size
                      : 0);
  }
};

}  // namespace quire::server
