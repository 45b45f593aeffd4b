// Looks at a file, and reads it if it is not what is known: makes a new generation of it.
//
// Opens the file and compares it with what is known. If it is new, lets it come to rest: waits
// until it has not changed for a moment (settling.hpp), and until a write() that is in progress has
// ended. Then reads it into pages of the pool when it is small, and looks again: a file that
// changed meanwhile is read anew, a few times. Never waits on the loop; one start() has one
// completion.
#pragma once

#include <quire/server/file_name.hpp>
#include <quire/server/representation_head.hpp>
#include <quire/server/services.hpp>
#include <quire/server/settling.hpp>
#include <quire/server/site/conditional.hpp>
#include <quire/server/site/media_type.hpp>

#include <algorithm>
#include <array>
#include <chrono>
#include <cstdint>
#include <new>
#include <span>
#include <utility>

namespace quire::server {

enum class read_outcome : std::uint8_t {
  unchanged,  // It is what is known.
  made,       // take() has the new generation.
  directory,
  failed,    // error() says why.
  unstable,  // It did not come to rest, or changed each time that it was read.
};

template <io::proactor Proactor>
class file_reader {
 public:
  using generation = representation<Proactor>;

  explicit file_reader(services<Proactor>& s) noexcept : services_(s) {}
  file_reader(file_reader const&) = delete;
  file_reader& operator=(file_reader const&) = delete;
  ~file_reader() { drop(); }

  // Looks at the file `name` below `root`; (owner->*Member)() is called when there is an outcome.
  // `known`, if any, and all else stay until then.
  template <auto Member, class Owner>
  void start(Owner* owner, typename Proactor::directory& root, file_name& name,
             generation const* known) noexcept {
    owner_ = owner;
    finished_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
    root_ = &root;
    name_ = &name;
    known_ = known;
    attempts_ = 0;
    canceled_ = false;
    settling_ = {};
    started_ = services_.proactor.now();
    read_.template bind<&file_reader::on_read>(this);
    settled_.template bind<&file_reader::on_settled>(this);
    look();
  }

  bool idle() const noexcept { return open_.idle() && read_.idle() && settled_.idle(); }
  // Asks what is in flight to end; the outcome is then `failed`.
  void cancel() noexcept {
    canceled_ = true;
    if (!open_.idle()) services_.proactor.cancel(open_);
    if (!read_.idle()) services_.proactor.cancel(read_);
    if (!settled_.idle()) services_.proactor.cancel(settled_);
  }

  read_outcome outcome() const noexcept { return outcome_; }
  io::error error() const noexcept { return error_; }
  // When the file system was asked for the file that became the outcome.
  io::instant looked() const noexcept { return looked_; }
  // Nothing but what notices tell of can change that outcome.
  bool has_one_path() const noexcept { return open_.has_one_path(); }
  // The new generation, with a reference that the caller gives back to the cache.
  generation* take() noexcept { return std::exchange(made_, nullptr); }

 private:
  static constexpr unsigned attempts_max = 4;
  static constexpr std::size_t read_spans_max = 64;
  // Of so many pages a response takes notably less when they lie in one piece. What is left unused
  // at the end of a slab for it is little.
  static constexpr std::size_t side_by_side_max = 16;
  // Larger files are not kept in memory, but read while they are sent.
  static constexpr std::uint64_t in_memory_min = 64 * 1024;
  static constexpr std::uint64_t in_memory_max = 1024 * 1024;
  // How long a request waits for a file that is changed again and again.
  static constexpr std::chrono::seconds settling_patience{1};
  // A file that has not changed for so long is not in the middle of a write() that began then.
  static constexpr std::chrono::minutes write_time_max{10};

  void look() noexcept {
    looked_ = services_.proactor.now();
    open(io::file_mode::buffered);
  }
  void open(io::file_mode mode) noexcept {
    mode_ = mode;
    open_.template bind<&file_reader::on_opened>(this);
    services_.proactor.open(*root_, open_, name_->file(), mode);
  }

  void on_opened() noexcept {
    if (open_.result() != io::error::none) return finish(read_outcome::failed, open_.result());
    io::file_status const& status = open_.status();
    if (canceled_ || status.type != io::file_type::regular) {
      services_.proactor.discard(open_);
      if (canceled_) return finish(read_outcome::failed, io::error::canceled);
      if (status.type != io::file_type::directory) {
        return finish(read_outcome::failed, io::error::not_regular);
      }
      return finish(read_outcome::directory);
    }
    if (known_ != nullptr && known_->status == status) {
      services_.proactor.discard(open_);
      return finish(read_outcome::unchanged);
    }
    auto const wait = settling_.wait(status, services_.date.exact(), services_.proactor.now());
    if (wait == std::chrono::nanoseconds::zero()) return make_in_mode();
    services_.proactor.discard(open_);
    if (services_.proactor.now() - started_ > settling_patience) {
      return finish(read_outcome::unstable);
    }
    services_.proactor.schedule(settled_, services_.proactor.now() + wait);
  }

  void on_settled() noexcept {
    if (canceled_) return finish(read_outcome::failed, io::error::canceled);
    look();
  }

  // Only now it is known that the file is to be read: the look at one that is known pays nothing for
  // the mode.
  void make_in_mode() noexcept {
    if (mode_ == services_.configuration.file_io) return make();
    services_.proactor.discard(open_);
    open(services_.configuration.file_io);
  }

  std::uint64_t in_memory_limit() const noexcept {
    return std::clamp<std::uint64_t>(services_.cache.bytes_max() / 16, in_memory_min,
                                     in_memory_max);
  }

  void make() noexcept {
    made_ = new (std::nothrow) generation;
    if (made_ == nullptr) {
      services_.proactor.discard(open_);
      return finish(read_outcome::failed, io::error::no_memory);
    }
    services_.cache.retain(*made_);
    services_.proactor.adopt(made_->file, open_);
    made_->status = made_->last_seen = open_.status();
    auto const age = services_.date.exact() - last_change(made_->status);
    if (age > write_time_max) return prepare();
    open_.template bind<&file_reader::on_unwritten>(this);
    services_.proactor.await_writers(made_->file, open_);
  }

  void on_unwritten() noexcept {
    if (canceled_) return finish(read_outcome::failed, io::error::canceled);
    if (!is_unchanged()) return again();
    prepare();
  }

  void prepare() noexcept {
    if (made_->status.size > in_memory_limit()) return complete();
    auto const count = static_cast<std::size_t>((made_->status.size + page_pool::page_size - 1) /
                                                page_pool::page_size);
    if (!add_side_by_side(count)) {
      services_.pool.keep_together(std::min(count, read_spans_max));
    }
    while (made_->content.writable() < made_->status.size) {
      page* const p = services_.acquire_page();
      if (p == nullptr) return finish(read_outcome::failed, io::error::no_memory);
      made_->content.push(p);
    }
    read();
  }

  bool add_side_by_side(std::size_t count) noexcept {
    if (count == 0 || count > side_by_side_max) return false;
    std::array<page*, side_by_side_max> memory;
    std::span const pages(memory.data(), count);
    if (!services_.pool.acquire_side_by_side(pages)) return false;
    for (page* const p : pages) made_->content.push(p);
    return true;
  }

  // In direct mode whole blocks are read (clause 20 of io/contract.hpp); behind the end of the file
  // they bring nothing.
  void read() noexcept {
    std::uint64_t const done = made_->content.size();
    std::uint64_t const missing = made_->status.size - done;
    if (missing == 0) return complete();
    std::uint64_t const alignment = made_->file.alignment();
    std::uint64_t left = (missing + alignment - 1) / alignment * alignment;
    std::uint64_t const wanted = left;
    std::size_t count = made_->content.scatter(spans_);
    for (std::size_t i = 0; i != count; ++i) {
      spans_[i].size = static_cast<std::size_t>(std::min<std::uint64_t>(spans_[i].size, left));
      left -= spans_[i].size;
      if (left == 0) count = i + 1;
    }
    asked_ = static_cast<std::size_t>(std::min(wanted - left, missing));
    services_.proactor.read(made_->file, read_, done,
                            std::span<mutable_span const>(spans_).first(count));
  }

  void on_read() noexcept {
    if (read_.result() != io::error::none || canceled_) {
      return finish(read_outcome::failed,
                    read_.result() != io::error::none ? read_.result() : io::error::canceled);
    }
    if (read_.transferred() < asked_) return again();  // Shorter than it was.
    made_->content.commit_write(asked_);
    read();
  }

  void complete() noexcept {
    if (!is_unchanged()) return again();
    generation& g = *made_;
    g.in_memory = g.content.size() == g.status.size && g.status.size <= in_memory_max;
    if (g.in_memory) g.find_piece();
    g.coding = name_->coding();
    media_type const type = media_type_of(name_->file(content_coding::identity));
    g.media_type = type.text;
    g.last_modified = stated_last_modified(g.status.modified_ns, services_.date.seconds());
    g.entity_tag = g.in_memory ? content_entity_tag(g.content, g.coding)
                               : version_entity_tag(g.status, g.coding);
    if (g.coding == content_coding::identity) {
      g.encodable = services_.variants.worth_making(g, type);
    }
    g.head = representation_head(g.fields());
    if (g.in_memory) services_.proactor.close(g.file);
    finish(read_outcome::made);
  }

  // The file changed while it was read.
  void again() noexcept {
    drop();
    if (++attempts_ == attempts_max) return finish(read_outcome::unstable);
    look();
  }

  bool is_unchanged() noexcept {
    io::file_status now;
    return services_.proactor.status(made_->file, now) == io::error::none && now == made_->status;
  }

  void drop() noexcept {
    if (made_ != nullptr) services_.cache.release(*std::exchange(made_, nullptr));
  }
  void finish(read_outcome outcome, io::error error = io::error::none) noexcept {
    if (outcome != read_outcome::made) drop();
    outcome_ = outcome;
    error_ = error;
    finished_(owner_);
  }

  services<Proactor>& services_;
  void* owner_ = nullptr;
  void (*finished_)(void*) noexcept = nullptr;
  typename Proactor::directory* root_ = nullptr;
  file_name* name_ = nullptr;
  generation const* known_ = nullptr;
  generation* made_ = nullptr;
  io::file_mode mode_ = io::file_mode::buffered;  // That the file is opened for.
  read_outcome outcome_ = read_outcome::failed;
  io::error error_ = io::error::none;
  io::instant started_{};
  io::instant looked_{};
  settling settling_;
  unsigned attempts_ = 0;
  std::size_t asked_ = 0;  // Bytes of the file that are being read.
  bool canceled_ = false;
  typename Proactor::open_operation open_;
  typename Proactor::read_operation read_;
  typename Proactor::timer settled_;
  std::array<mutable_span, read_spans_max> spans_;
};

}  // namespace quire::server
