// One generation of a file in one content coding: what is sent under one entity tag.
//
// Content and status are immutable once it is in use, so that no response ever mixes old bytes and
// new. A file's content lies in pages of the pool; that of a middling one that is asked for often in
// a memory file, and is another generation then. A large one is an open file, read while it is sent
// and compared with `status` at every read, until it is copied into a memory file
// (memory_filler.hpp). What the server has encoded is one run of
// memory that all workers send (encoded_form.hpp). The head of its 200 response is made once, and anew when encoded forms of it
// come or go; only the date is fresh.
//
// Counted references, of one thread: what the cache knows of the path holds one (file_entry.hpp),
// each response that is under way another, and the file's own generation one on each of its
// variants.
#pragma once

#include <quire/buffer/buffer.hpp>
#include <quire/buffer/memory_span.hpp>
#include <quire/buffer/page.hpp>
#include <quire/buffer/page_pool.hpp>
#include <quire/io/proactor.hpp>
#include <quire/server/encoded_form.hpp>
#include <quire/server/prepared_head.hpp>
#include <quire/server/site/content_coding.hpp>
#include <quire/server/site/digest_field.hpp>
#include <quire/server/site/representation_fields.hpp>

#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
struct file_entry;

// Whether there is a copy of a large file in memory; `failed` also of a middling one that could not
// be moved.
enum class file_copy : std::uint8_t { none, in_making, made, failed };

// Longer ago than anything that is trusted.
inline constexpr io::instant never{-std::chrono::hours(24 * 365 * 100)};

template <io::proactor Proactor>
struct alignas(64) representation {
  // What a response from memory needs comes first, so that it lies in few lines of the processor's
  // cache.
  buffer content;          // Of what is in memory: in pages of the pool, or `run`.
  bool in_memory = false;  // In `content`.
  content_coding coding = content_coding::identity;
  // Of a file: the codings in which it lies beside itself, when that was looked for, and whether
  // nothing but what notices tell of can have changed it since.
  coding_set siblings;
  bool siblings_are_told = false;
  // Of a file that nobody has encoded: the codings in which that may yet be done, and those in
  // which it is being done (variant_maker.hpp).
  coding_set encodable;
  coding_set in_making;
  file_copy copy = file_copy::none;
  std::uint8_t uses = 0;  // Responses that a memory file would have served, as far as that matters.
  std::uint32_t references = 0;
  file_entry<Proactor>* known_as = nullptr;  // Where the cache keeps it.
  io::instant siblings_checked = never;
  // Of a file: encoded forms that were made of this generation, by content_coding. They live and
  // die with it. Set by file_cache::add_variant().
  std::array<representation*, encoded_codings.size()> variants{};
  const_span piece{};  // The content, where it lies in one piece; else empty.
  prepared_head head;  // Of the 200 response.

  std::string entity_tag;
  std::optional<std::int64_t> last_modified;  // Seconds since 1970.
  std::string_view media_type;                // Of static storage.
  io::file_status status;                     // Of the file that it was read from.
  io::file_status last_seen;     // Of a large one, while it is sent: it may have lost a name.
  typename Proactor::file file;  // Of a large one.
  // The content of a middling file, or the copy of a large one.
  typename Proactor::memory_file memory;
  // All of the content in one piece, in `form` or in `memory`.
  std::optional<page> run;
  // Of a variant that was made of a file: where its bytes are. Of a file: nullptr, or what says that
  // no coding makes it smaller.
  std::shared_ptr<encoded_form const> form;

  // Of what is in memory: values of Repr-Digest that somebody has asked for, by digest_algorithm.
  std::array<std::string, digest_names.size()> digests;

  static constexpr std::size_t texts_size_about = 64;  // Outside of this object.
  static constexpr std::uint64_t memory_file_min = 64 * 1024;
  static constexpr std::uint64_t memory_file_part_min = memory_file_min / 2;

  // Asks the processor for all that a response from memory reads of it: in a large cache it lies far
  // away.
  [[gnu::always_inline]] void prefetch() const noexcept {
    char const* const first = reinterpret_cast<char const*>(this);
    char const* const last = reinterpret_cast<char const*>(&head + 1);
    for (char const* at = first; at < last; at += 64) __builtin_prefetch(at);
  }

  representation* variant(content_coding c) const noexcept {
    return c == content_coding::identity ? nullptr : variants[static_cast<std::size_t>(c)];
  }
  std::string_view digest(digest_algorithm a) const noexcept {
    return digests[static_cast<std::size_t>(a)];
  }
  void set_digest(digest_algorithm a, std::string value) noexcept {
    digests[static_cast<std::size_t>(a)] = std::move(value);
  }
  // The codings that a client may choose from, besides identity.
  coding_set encoded() const noexcept {
    coding_set all = siblings;
    for (coding_name const& n : encoded_codings) {
      if (variant(n.coding) != nullptr) all.add(n.coding);
    }
    return all;
  }
  // The codings that they may have later. Where a file lies encoded beside itself, that is what
  // there is.
  coding_set makeable() const noexcept { return siblings.empty() ? encodable : coding_set{}; }
  bool varies() const noexcept {
    return coding != content_coding::identity || !encoded().empty() || !makeable().empty();
  }

  // Of what is sent: of a variant, another size than that of the file.
  std::uint64_t size() const noexcept { return in_memory ? content.size() : status.size; }

  representation_fields fields() const noexcept {
    return {.media_type = media_type,
            .entity_tag = entity_tag,
            .last_modified = last_modified,
            .length = size(),
            .content_coding = name_of(coding).name,
            .varies = varies()};
  }

  // Its content lies in this one piece until it ends, or until drop_run(): so many bytes now.
  void set_run(mutable_span place, std::size_t filled) noexcept {
    run.emplace(place.data, place.data + place.size);
    run->commit_write(filled);
    content.push(&*run);
    piece = {place.data, filled};
  }
  void drop_run() noexcept {
    piece = {};
    content.pop();
    run.reset();
  }
  // All of the content is there, in pages of the pool. Pages that were filled one after the other
  // mostly lie side by side.
  void find_piece() noexcept {
    const_span whole{nullptr, 0};
    for (auto at = content.pages_begin(); at != content.pages_end(); ++at) {
      const_span const part = *at;
      if (whole.size == 0) whole.data = part.data;
      if (whole.data + whole.size != part.data) return;
      whole.size += part.size;
    }
    piece = whole;
  }
  // The content is that of `form`.
  bool has_shared_content() const noexcept { return run && !memory.is_open(); }
  // Becomes what `of` is, but for where the content lies; the variants as well, whose references are
  // for the caller to count. Throws std::bad_alloc.
  void describe_as(representation const& of) {
    entity_tag = of.entity_tag;
    head = of.head;
    digests = of.digests;
    media_type = of.media_type;
    coding = of.coding;
    status = of.status;
    last_modified = of.last_modified;
    form = of.form;
    siblings = of.siblings;
    siblings_checked = of.siblings_checked;
    siblings_are_told = of.siblings_are_told;
    encodable = of.encodable;
    variants = of.variants;  // Last: what was not counted is not given back.
  }

  // It is sent from pages, and so many bytes of it would leave from a memory file for less.
  bool wants_memory_file(std::uint64_t length) const noexcept {
    return length >= memory_file_part_min && in_memory && !run && size() >= memory_file_min;
  }
  // So many bytes of it leave from the memory file: what is shorter is copied for less.
  bool leaves_memory_file(std::uint64_t length) const noexcept {
    if (!in_memory) return copy == file_copy::made;
    return length >= memory_file_part_min && memory.is_open();
  }

  // Memory that it costs with its variants, about. What workers share each of them counts whole: it
  // may be the last that holds it.
  std::size_t bytes() const noexcept {
    std::size_t all = sizeof(representation) + texts_size_about;
    if (has_shared_content()) {
      all += sizeof(encoded_form) + form->size();
    } else if (in_memory || memory.is_open()) {
      all += (size() + page_pool::page_size - 1) / page_pool::page_size * page_pool::page_size;
    }
    for (representation const* v : variants) all += v != nullptr ? v->bytes() : 0;
    return all;
  }
};

}  // namespace quire::server
