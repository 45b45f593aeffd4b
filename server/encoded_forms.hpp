// The encoded forms of a site, for all workers of a process: each is made once, and is there for
// every worker as long as one of them holds it.
//
// Nothing is held here: when the last worker lets go of a form it is gone. The lock is held for a
// few steps; nobody waits for an encoder. Two threads that get() the same at a time both make it,
// and one of the two forms stays: who wants to save that does not let them (background_job::
// is_like).
#pragma once

#include <quire/server/encoded_form.hpp>

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <tuple>

namespace quire::server {

// One version of one file. An entity tag tells versions of one resource apart (RFC 9110, section
// 8.8.3): who can write one file of a site could find a content for it whose hash is that of
// another.
struct file_content {
  std::string path;        // Below the root.
  std::string entity_tag;  // As it is.
  std::uint64_t size = 0;

  friend bool operator==(file_content const&, file_content const&) = default;
  friend bool operator<(file_content const& a, file_content const& b) noexcept {
    return std::tie(a.path, a.entity_tag, a.size) < std::tie(b.path, b.entity_tag, b.size);
  }
};

// What an attempt to encode came to.
struct encoding_result {
  encoding_outcome outcome = encoding_outcome::stopped;
  // When it is encoded; when it is too_long, what lets others know, or nullptr.
  std::shared_ptr<encoded_form const> form;
};

class encoded_forms {
 public:
  // `memory`: where encoders take theirs from.
  explicit encoded_forms(encoder_memory const& memory = heap_memory()) noexcept : memory_(memory) {}
  encoded_forms(encoded_forms const&) = delete;
  encoded_forms& operator=(encoded_forms const&) = delete;

  // The form in this coding, or what says that no coding makes the content smaller; nullptr:
  // nobody holds either. Any thread.
  [[nodiscard]] std::shared_ptr<encoded_form const> find(file_content const& of,
                                                         content_coding coding) noexcept;
  // The same, but made of `content` when nobody holds it: may take seconds, and memory of
  // encoded_size_max() while it does; looks at `stop` as encode() does. Any thread, as long as
  // nobody changes the content. Requires: coding is in encodable_codings().
  [[nodiscard]] encoding_result get(file_content const& of, content_coding coding,
                                    buffer const& content, std::atomic<bool> const& stop) noexcept;

  // Contents of which something is held.
  [[nodiscard]] std::size_t count() noexcept;
  // Those that the table has room for: of what nobody holds any more it forgets two for each that
  // is new.
  [[nodiscard]] std::size_t entries() noexcept;

 private:
  // By content_coding; for identity, that no coding makes it smaller.
  struct known {
    std::array<std::weak_ptr<encoded_form const>, encoded_codings.size() + 1> forms;

    std::weak_ptr<encoded_form const>& form(content_coding c) noexcept {
      return forms[static_cast<std::size_t>(c)];
    }
    bool is_gone() const noexcept;
  };
  using table = std::map<file_content, known>;

  encoding_result make(content_coding coding, buffer const& content,
                       std::atomic<bool> const& stop) const;
  // What stays of this and what somebody else has made meanwhile.
  void add(file_content const& of, content_coding coding, encoding_result& made);
  void forget_some() noexcept;

  encoder_memory memory_;
  std::mutex mutex_;
  table table_;
  table::iterator next_looked_at_ = table_.end();
};

}  // namespace quire::server
