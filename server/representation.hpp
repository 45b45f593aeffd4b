// One generation of a file: what is sent under one entity tag.
//
// Content and status are immutable once it is in use, so that no response ever mixes old bytes and
// new. A small file's content lies in pages of the pool; a large one is an open file, read while it
// is sent and compared with `status` at every read. The head of its 200 response is made once, and
// anew when encoded files come or go beside it; only the date is fresh.
//
// Counted references, of one thread: the cache holds one, each response that is under way another.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/page_pool.hpp>
#include <quire/io/proactor.hpp>
#include <quire/server/site/content_coding.hpp>
#include <quire/server/site/media_type.hpp>
#include <quire/server/site/representation_fields.hpp>

#include <chrono>
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
  // Below the root, as the cache knows it: "docs/" for "docs/index.html". Of an encoded one that of
  // its file and a NUL, which no path holds: what "page.html.br" is to who asks for "page.html" is
  // not what it is to who asks for it.
  std::string path;
  content_coding coding = content_coding::identity;
  // Of a file: what lies beside it encoded, and when that was looked for.
  coding_set siblings;
  io::instant siblings_checked = std::chrono::hours(-1);
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
  static constexpr std::size_t head_size_about = 512;

  // True when the path means the index file of a directory.
  static bool names_directory(std::string_view path) noexcept {
    return path.empty() || path.back() == '/';
  }
  // The file's own name, or a path that ends in it.
  std::string_view name() const noexcept {
    if (names_directory(path)) return index_name;
    if (coding == content_coding::identity) return path;
    return std::string_view(path).substr(0, path.size() - 1 - name_of(coding).extension.size());
  }
  bool varies() const noexcept { return coding != content_coding::identity || !siblings.empty(); }

  representation_fields fields() const noexcept {
    return {media_type_of(name()).text, entity_tag, last_modified, status.size,
            name_of(coding).name,       varies()};
  }

  // Memory that it costs, about; always the same.
  std::size_t bytes() const noexcept {
    return sizeof(representation) + path.capacity() + head_size_about +
           (in_memory ? (status.size + page_pool::page_size - 1) / page_pool::page_size *
                            page_pool::page_size
                      : 0);
  }
};

}  // namespace quire::server
