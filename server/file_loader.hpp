// Finds the representation of a path: in the cache, if the file is still what it was, else on the
// disk.
//
// The file is looked at for every request, but once for all that came in one turn of the loop (and
// less often where --revalidate allows it). Opens the file, compares it with what the cache has,
// and if it is new, lets it come to rest: waits until it has not changed for a moment
// (settling.hpp), and until a write() that is in progress has ended. Then reads it into pages of
// the pool when it is small, and looks again: a file that changed meanwhile is read anew, a few
// times. Last it looks what lies beside the file encoded, and may take that instead (RFC 9110,
// section 12.1). Never waits on the loop; one start() has one completion, or none when the answer is there
// at once.
#pragma once

#include <quire/server/representation_head.hpp>
#include <quire/server/services.hpp>
#include <quire/server/settling.hpp>
#include <quire/server/site/conditional.hpp>
#include <quire/server/site/media_type.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <cstring>
#include <new>
#include <optional>
#include <string_view>
#include <utility>

namespace quire::server {

// How a path was found, or not.
enum class load_outcome : std::uint8_t {
  found,
  directory,       // The path names a directory, but does not end in a slash.
  failed,          // error() says why.
  unstable,        // The file did not come to rest, or changed each time that it was read.
  not_acceptable,  // The client accepts no content coding in which the file is there.
};

template <io::proactor Proactor>
class file_loader {
 public:
  using entry = representation<Proactor>;

  explicit file_loader(services<Proactor>& s) noexcept : services_(s) {}
  file_loader(file_loader const&) = delete;
  file_loader& operator=(file_loader const&) = delete;
  ~file_loader() { give_back(); }

  static constexpr std::size_t path_max =
      page_pool::page_size - entry::index_name.size() - coding_extension_max - 1;

  // Memory in which the path below the root is to be put; nullptr when the pool is empty. An empty
  // path, and one that ends in a slash, mean the index file of that directory.
  [[nodiscard]] char* path_memory() noexcept {
    if (memory_ == nullptr) memory_ = acquire_page();
    return memory_ == nullptr ? nullptr : memory_->write_position();
  }

  // Starts for the first `size` bytes of path_memory(). True when the outcome is there at once;
  // else (owner->*Member)() is called when it is. `accept_encoding` stays until then. Requires:
  // idle; size <= path_max.
  template <auto Member, class Owner>
  [[nodiscard]] bool start(Owner* owner, std::size_t size,
                           std::optional<std::string_view> accept_encoding = {}) noexcept {
    owner_ = owner;
    finished_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
    attempts_ = 0;
    canceled_ = false;
    path_size_ = key_size_ = size;
    accept_encoding_ = accept_encoding;
    coding_ = content_coding::identity;
    refused_ = {};
    started_ = services_.proactor.now();
    read_.template bind<&file_loader::on_read>(this);
    settled_.template bind<&file_loader::on_settled>(this);
    return begin() && choose();
  }

  bool idle() const noexcept {
    return open_.idle() && read_.idle() && settled_.idle() && joined_ == nullptr;
  }
  // Asks what is in flight to end; the outcome is then `failed`, or there is none.
  void cancel() noexcept {
    canceled_ = true;
    if (joined_ != nullptr) leave();
    if (!open_.idle()) services_.proactor.cancel(open_);
    if (!read_.idle()) services_.proactor.cancel(read_);
    if (!settled_.idle()) services_.proactor.cancel(settled_);
  }

  load_outcome outcome() const noexcept { return outcome_; }
  io::error error() const noexcept { return error_; }
  std::string_view path() const noexcept { return {memory_->first(), path_size_}; }
  // What was found, with a reference that the caller gives back to the cache. nullptr otherwise.
  entry* take() noexcept { return std::exchange(found_, nullptr); }
  // Forgets the outcome and the path.
  void give_back() noexcept {
    if (found_ != nullptr) services_.cache.release(*std::exchange(found_, nullptr));
    if (plain_ != nullptr) services_.cache.release(*std::exchange(plain_, nullptr));
    if (made_ != nullptr) services_.cache.release(*std::exchange(made_, nullptr));
    if (memory_ != nullptr) services_.pool.release(std::exchange(memory_, nullptr));
  }

 private:
  static constexpr unsigned attempts_max = 4;
  // After so long it is looked again what lies encoded beside a file.
  static constexpr std::chrono::milliseconds siblings_time{500};
  static constexpr std::size_t read_spans_max = 64;
  // Larger files are not kept in memory, but read while they are sent.
  static constexpr std::uint64_t in_memory_min = 64 * 1024;
  static constexpr std::uint64_t in_memory_max = 1024 * 1024;
  // How long a request waits for a file that is changed again and again.
  static constexpr std::chrono::seconds settling_patience{1};
  // A file that has not changed for so long is not in the middle of a write() that began then.
  static constexpr std::chrono::minutes write_time_max{10};

  // What the cache knows it by.
  std::string_view key() const noexcept { return {memory_->first(), key_size_}; }

  // The name of the file in that coding, put where the path is.
  std::string_view name_file(content_coding coding) noexcept {
    std::size_t size = path_size_;
    auto const append = [&](std::string_view s) {
      size += s.copy(memory_->first() + size, s.size());  // Takes an empty text, too.
    };
    if (entry::names_directory(path())) append(entry::index_name);
    append(name_of(coding).extension);
    return {memory_->first(), size};
  }

  bool begin() noexcept {
    std::string_view const p = key();
    entry* const known = services_.cache.find(p);
    auto const trust = std::chrono::milliseconds(services_.configuration.revalidate);
    asked_ = services_.proactor.now();
    if (known != nullptr && asked_ - known->checked <= trust) {
      found_ = known;
      services_.cache.retain(*known);
      outcome_ = load_outcome::found;
      return true;
    }
    if (known != nullptr && join(*known)) return false;
    open(io::file_mode::buffered);
    return false;
  }

  void open(io::file_mode mode) noexcept {
    mode_ = mode;
    open_.template bind<&file_loader::on_opened>(this);
    services_.proactor.open(services_.root, open_, name_file(coding_), mode);
  }

  // Requests that came in the same turn of the loop share one look at the file.
  bool join(entry& known) noexcept {
    file_loader* const other = known.checker;
    if (other != nullptr && other->asked_ == asked_) {
      joined_ = other;
      next_joined_ = std::exchange(other->first_joined_, this);
      return true;
    }
    if (other == nullptr) {
      known_ = &known;
      services_.cache.retain(known);
      known.checker = this;
    }
    return false;
  }

  void leave() noexcept {
    file_loader** link = &joined_->first_joined_;
    while (*link != this) link = &(*link)->next_joined_;
    *link = next_joined_;
    joined_ = nullptr;
  }

  // The look at the file is over: those that joined begin again and find the answer in the cache,
  // or look for themselves.
  void release_joined() noexcept {
    if (known_ == nullptr) return;
    known_->checker = nullptr;
    services_.cache.release(*std::exchange(known_, nullptr));
    while (first_joined_ != nullptr) {
      file_loader& other = *first_joined_;
      other.leave();
      if (other.begin()) other.finish(load_outcome::found, io::error::none);
    }
  }

  void on_opened() noexcept {
    entry* const known = services_.cache.find(key());
    if (open_.result() != io::error::none) {
      if (known != nullptr && open_.result() == io::error::not_found)
        services_.cache.remove(*known);
      return finish(load_outcome::failed, open_.result());
    }
    if (canceled_ || open_.status().type != io::file_type::regular) {
      bool const directory = open_.status().type == io::file_type::directory;
      services_.proactor.discard(open_);
      if (!directory) return finish(load_outcome::failed, io::error::not_regular);
      if (entry::names_directory(key())) return finish(load_outcome::failed, io::error::not_found);
      return finish(load_outcome::directory, io::error::none);
    }
    if (known != nullptr && known->status == open_.status()) {
      services_.proactor.discard(open_);
      known->checked = asked_;
      services_.cache.retain(*known);
      found_ = known;
      return finish(load_outcome::found, io::error::none);
    }
    auto const wait =
        settling_.wait(open_.status(), services_.date.exact(), services_.proactor.now());
    if (wait == std::chrono::nanoseconds::zero()) return make_in_mode();
    services_.proactor.discard(open_);
    if (services_.proactor.now() - started_ > settling_patience) {
      return finish(load_outcome::unstable, io::error::none);
    }
    services_.proactor.schedule(settled_, services_.proactor.now() + wait);
  }

  void on_settled() noexcept {
    if (canceled_) return finish(load_outcome::failed, io::error::canceled);
    look_again();
  }
  void look_again() noexcept {
    release_joined();
    if (begin()) finish(load_outcome::found, io::error::none);
  }

  // Only now it is known how the file is to be read. The look at a file that is known pays nothing
  // for it, and a file that is kept in memory fills the cache that other workers read from.
  void make_in_mode() noexcept {
    bool const streams = open_.status().size > in_memory_limit();
    io::file_mode const wanted =
        streams ? services_.configuration.file_io : io::file_mode::buffered;
    if (wanted == mode_) return make();
    services_.proactor.discard(open_);
    if (wanted == io::file_mode::buffered && ++attempts_ == attempts_max) {
      return finish(load_outcome::unstable, io::error::none);
    }
    open(wanted);
  }

  std::uint64_t in_memory_limit() const noexcept {
    return std::clamp<std::uint64_t>(services_.cache.bytes_max() / 16, in_memory_min,
                                     in_memory_max);
  }

  void make() noexcept {
    made_ = new (std::nothrow) entry;
    if (made_ == nullptr) {
      services_.proactor.discard(open_);
      return finish(load_outcome::failed, io::error::no_memory);
    }
    services_.cache.retain(*made_);
    services_.proactor.adopt(made_->file, open_);
    made_->status = open_.status();
    auto const age = services_.date.exact() - last_change(made_->status);
    if (age > write_time_max) return prepare();
    open_.template bind<&file_loader::on_unwritten>(this);
    services_.proactor.await_writers(made_->file, open_);
  }

  void on_unwritten() noexcept {
    if (canceled_) return finish(load_outcome::failed, io::error::canceled);
    if (!is_unchanged()) return again();
    prepare();
  }

  void prepare() noexcept {
    if (made_->status.size > in_memory_limit()) return complete();
    while (made_->content.writable() < made_->status.size) {
      page* const p = acquire_page();
      if (p == nullptr) return finish(load_outcome::failed, io::error::no_memory);
      made_->content.push(p);
    }
    read();
  }

  void read() noexcept {
    std::uint64_t const done = made_->content.size();
    std::uint64_t left = made_->status.size - done;
    if (left == 0) return complete();
    std::size_t count = made_->content.scatter(spans_);
    for (std::size_t i = 0; i != count; ++i) {
      spans_[i].size = static_cast<std::size_t>(std::min<std::uint64_t>(spans_[i].size, left));
      left -= spans_[i].size;
      if (left == 0) count = i + 1;
    }
    services_.proactor.read(made_->file, read_, done,
                            std::span<mutable_span const>(spans_).first(count));
  }

  void on_read() noexcept {
    if (read_.result() != io::error::none || canceled_) {
      return finish(load_outcome::failed, read_.result());
    }
    made_->content.commit_write(read_.transferred());
    if (read_.transferred() == 0) return again();  // Shorter than it was.
    read();
  }

  void complete() noexcept {
    entry& e = *made_;
    if (!is_unchanged()) return again();
    e.in_memory = e.content.size() == e.status.size && e.status.size <= in_memory_max;
    e.path = key();
    e.coding = coding_;
    e.checked = asked_;
    e.last_modified = stated_last_modified(e.status.modified_ns, services_.date.seconds());
    e.entity_tag = e.in_memory ? content_entity_tag(e.content, coding_)
                               : version_entity_tag(e.status, coding_);
    e.head = representation_head(e.fields(), e.date_offset);
    if (e.in_memory) services_.proactor.close(e.file);
    services_.cache.insert(e);
    found_ = std::exchange(made_, nullptr);
    finish(load_outcome::found, io::error::none);
  }

  // The file changed while it was read.
  void again() noexcept {
    services_.cache.release(*std::exchange(made_, nullptr));
    if (++attempts_ == attempts_max) return finish(load_outcome::unstable, io::error::none);
    look_again();
  }

  bool is_unchanged() noexcept {
    io::file_status now;
    return services_.proactor.status(made_->file, now) == io::error::none && now == made_->status;
  }

  void finish(load_outcome outcome, io::error error) noexcept {
    if (made_ != nullptr) services_.cache.release(*std::exchange(made_, nullptr));
    outcome_ = outcome;
    error_ = error;
    release_joined();
    if (outcome == load_outcome::found ? choose() : fall_back()) finished_(owner_);
  }

  // ---- Encoded representations

  // The file is found, or an encoded one. True when that is the outcome, or there is another; false
  // when something has to be waited for.
  bool choose() noexcept {
    if (coding_ != content_coding::identity) {
      if (found_->status.modified_ns < plain_->status.modified_ns) return fall_back();
      services_.cache.release(*std::exchange(plain_, nullptr));
      return true;
    }
    if (services_.configuration.precompressed.empty()) return true;
    if (asked_ - found_->siblings_checked >= siblings_time) {
      siblings_ = {};
      looks_for_ = 0;
      look_for_sibling();
      return false;
    }
    return select();
  }

  bool select() noexcept {
    coding_set available = found_->siblings;
    for (coding_name const& n : encoded_codings) {
      if (refused_.has(n.coding)) available.remove(n.coding);
    }
    auto const coding = negotiate(accept_encoding_, available);
    if (!coding) {
      services_.cache.release(*std::exchange(found_, nullptr));
      outcome_ = load_outcome::not_acceptable;
      return true;
    }
    if (*coding == content_coding::identity) return true;
    plain_ = std::exchange(found_, nullptr);
    coding_ = *coding;
    // The key is the name of the file, and a NUL.
    key_size_ = name_file(coding_).size();
    *(memory_->first() + key_size_++) = '\0';
    return begin() && choose();
  }

  // There is no outcome from an encoded file: those that are left are chosen from. True when there
  // is an outcome.
  bool fall_back() noexcept {
    if (coding_ == content_coding::identity || canceled_) return true;
    if (found_ != nullptr) services_.cache.release(*found_);
    found_ = std::exchange(plain_, nullptr);
    refused_.add(std::exchange(coding_, content_coding::identity));
    key_size_ = path_size_;
    outcome_ = load_outcome::found;
    return select();
  }

  void look_for_sibling() noexcept {
    open_.template bind<&file_loader::on_sibling>(this);
    services_.proactor.open(services_.root, open_, name_file(encoded_codings[looks_for_].coding));
  }

  // An encoded file counts when it is not older than the file.
  void on_sibling() noexcept {
    coding_name const& n = encoded_codings[looks_for_];
    if (open_.result() == io::error::none) {
      io::file_status const& s = open_.status();
      if (s.type == io::file_type::regular && s.modified_ns >= found_->status.modified_ns &&
          services_.configuration.precompressed.has(n.coding)) {
        siblings_.add(n.coding);
      }
      services_.proactor.discard(open_);
    }
    if (canceled_) return finish(load_outcome::failed, io::error::canceled);
    if (++looks_for_ != encoded_codings.size()) return look_for_sibling();
    entry& e = *found_;
    e.siblings_checked = asked_;
    if (e.siblings != siblings_) {
      e.siblings = siblings_;
      e.head = representation_head(e.fields(), e.date_offset);
    }
    if (select()) finished_(owner_);
  }

  page* acquire_page() noexcept {
    page* p = services_.pool.acquire();
    while (p == nullptr && services_.cache.shrink()) p = services_.pool.acquire();
    return p;
  }

  services<Proactor>& services_;
  void* owner_ = nullptr;
  void (*finished_)(void*) noexcept = nullptr;
  page* memory_ = nullptr;  // Holds the path.
  std::size_t path_size_ = 0;
  std::size_t key_size_ = 0;
  std::optional<std::string_view> accept_encoding_;
  content_coding coding_ = content_coding::identity;  // Of what is looked for.
  coding_set refused_;                                // Found to be missing, broken or too old.
  coding_set siblings_;
  std::size_t looks_for_ = 0;  // Of encoded_codings.
  entry* plain_ = nullptr;     // The file, while an encoded one is looked for.
  entry* known_ = nullptr;     // What this looks at on behalf of those that joined.
  file_loader* joined_ = nullptr;
  file_loader* first_joined_ = nullptr;
  file_loader* next_joined_ = nullptr;
  entry* found_ = nullptr;
  entry* made_ = nullptr;
  io::file_mode mode_ = io::file_mode::buffered;  // That the file is opened for.
  load_outcome outcome_ = load_outcome::failed;
  io::error error_ = io::error::none;
  io::instant started_{};
  io::instant asked_{};  // When the file system was asked.
  settling settling_;
  unsigned attempts_ = 0;
  bool canceled_ = false;
  typename Proactor::open_operation open_;
  typename Proactor::read_operation read_;
  typename Proactor::timer settled_;
  std::array<mutable_span, read_spans_max> spans_;
};

}  // namespace quire::server
