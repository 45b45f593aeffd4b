// Finds what is to be answered for a path: in the cache, if that can be trusted, else in the file
// system.
//
// However many ask for a path of which nothing is known, one of them looks (file_reader.hpp) and
// the others wait for it; each may be cancelled alone, and when that is the one that looks, the
// next one does. Who came before the look began takes its outcome, who came later the cache's. A
// file is looked at together with what lies beside it encoded (sibling_look.hpp), and an encoded
// form may be chosen instead (RFC 9110, section 12.1). All of a request is answered from the root
// generation on which it began (site_root.hpp). Never waits on the loop; one start() has one
// completion, or none when the answer is there at once.
#pragma once

#include <quire/server/file_name.hpp>
#include <quire/server/file_reader.hpp>
#include <quire/server/services.hpp>
#include <quire/server/sibling_look.hpp>

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
class file_loader {
 public:
  using entry = file_entry<Proactor>;
  using generation = representation<Proactor>;

  explicit file_loader(services<Proactor>& s) noexcept
      : services_(s), reader_(s), sibling_look_(s) {
    root_wait_.template bind<&file_loader::on_root_known>(this);
  }
  file_loader(file_loader const&) = delete;
  file_loader& operator=(file_loader const&) = delete;
  ~file_loader() { give_back(); }

  static constexpr std::size_t path_max = file_name::path_max;

  // True when this request-target has been resolved before and the outcome is there at once:
  // without a path, a copy or a system call.
  [[nodiscard]] bool find(std::string_view target,
                          std::optional<std::string_view> accept_encoding) noexcept {
    entry* const e = services_.cache.find_target(target);
    if (e == nullptr) return false;
    if (e->generation != nullptr) e->generation->prefetch();
    reset(target, accept_encoding);
    if (!services_.root.is_known(asked_) || !trusts(*e)) return false;
    take(*e);
    if (outcome_ != load_outcome::found || choose_here()) return true;
    drop(found_);
    return false;
  }

  // Memory in which the path below the root is to be put; nullptr when the pool is empty. An empty
  // path, and one that ends in a slash, mean the index file of that directory.
  [[nodiscard]] char* path_memory() noexcept {
    if (memory_ == nullptr) memory_ = services_.acquire_page();
    return memory_ == nullptr ? nullptr : memory_->write_position();
  }

  // Starts for the first `size` bytes of path_memory(), to which `target` was resolved. True when
  // the outcome is there at once; else (owner->*Member)() is called when it is. The texts stay
  // until then. Requires: idle; size <= path_max.
  template <auto Member, class Owner>
  [[nodiscard]] bool start(Owner* owner, std::size_t size, std::string_view target = {},
                           std::optional<std::string_view> accept_encoding = {}) noexcept {
    owner_ = owner;
    finished_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
    reset(target, accept_encoding);
    name_.place(*memory_);
    name_.set(size);
    if (services_.root.is_known(asked_)) return start_below_root();
    services_.root.wait(root_wait_);
    return false;
  }

  bool idle() const noexcept {
    return reader_.idle() && sibling_look_.idle() && joined_ == nullptr && !root_wait_.waits();
  }
  // Asks what is in flight to end; the outcome is then `failed`, or there is none.
  void cancel() noexcept {
    canceled_ = true;
    if (joined_ != nullptr) leave();
    if (root_wait_.waits()) services_.root.leave(root_wait_);
    reader_.cancel();
    sibling_look_.cancel();
  }

  load_outcome outcome() const noexcept { return outcome_; }
  io::error error() const noexcept { return error_; }
  // Valid until give_back(), or until the cache changes.
  std::string_view path() const noexcept { return path_; }
  // What was found, with a reference that the caller gives back to the cache. nullptr otherwise.
  generation* take() noexcept { return std::exchange(found_, nullptr); }
  // The cache knows nothing of it any more.
  void lose_entry() noexcept { entry_ = nullptr; }
  // Forgets the outcome and the path.
  void give_back() noexcept {
    drop_root();
    drop(found_);
    drop(plain_);
    drop(known_);
    if (memory_ != nullptr) services_.pool.release(std::exchange(memory_, nullptr));
  }

 private:
  void reset(std::string_view target, std::optional<std::string_view> accept_encoding) noexcept {
    canceled_ = false;
    target_ = target;
    accept_encoding_ = accept_encoding;
    refused_ = {};
    name_.set(content_coding::identity);
    asked_ = services_.proactor.now();
  }
  void drop(generation*& g) noexcept {
    if (g != nullptr) services_.cache.release(*std::exchange(g, nullptr));
  }
  void drop_root() noexcept {
    if (root_ != nullptr) services_.root.release(*std::exchange(root_, nullptr));
  }
  bool is_plain() const noexcept { return name_.coding() == content_coding::identity; }

  // ---- Look-up

  bool trusts(entry const& e) const noexcept {
    services_.changes.hear();
    if (!services_.fresh.trusts(e, asked_)) return false;
    generation const* const g = e.generation;
    return g == nullptr || !looks_for_siblings(*g);
  }
  bool looks_for_siblings(generation const& g) const noexcept {
    return g.coding == content_coding::identity && !services_.configuration.precompressed.empty() &&
           !services_.fresh.trusts_siblings(g, asked_);
  }

  void take(entry& e) noexcept {
    services_.cache.touch(e);
    outcome_ = e.outcome;
    error_ = e.error;
    path_ = e.path;
    found_ = e.generation;
    if (found_ != nullptr) services_.cache.retain(*found_);
  }

  // The site is the current one, for all of this request.
  bool start_below_root() noexcept {
    drop_root();
    root_ = services_.root.current();
    if (root_ == nullptr) {
      outcome_ = load_outcome::no_site;
      path_ = name_.path();
      return true;
    }
    services_.root.retain(*root_);
    return begin() && conclude();
  }
  void on_root_known() noexcept {
    if (start_below_root()) finished_(owner_);
  }

  // True when there is an outcome; false when it has to be waited for.
  bool begin() noexcept {
    asked_ = services_.proactor.now();
    // The cache is about the current site.
    bool const is_current = root_ == services_.root.current();
    entry* e = is_current ? services_.cache.find(name_.key()) : nullptr;
    if (e != nullptr && trusts(*e)) {
      if (is_plain()) services_.cache.learn(*e, target_);
      take(*e);
      return true;
    }
    if (e != nullptr && e->flight != nullptr) {
      join(*e->flight);
      return false;
    }
    if (e == nullptr && is_current) e = services_.cache.add(name_.key());
    entry_ = e;
    if (e != nullptr) {
      e->flight = this;
      known_ = e->generation;
      if (known_ != nullptr) services_.cache.retain(*known_);
    }
    reader_.template start<&file_loader::on_read>(this, root_->directory, name_, known_);
    return false;
  }

  // ---- Single flight

  void join(file_loader& other) noexcept {
    joined_ = &other;
    next_joined_ = std::exchange(other.first_joined_, this);
  }
  void leave() noexcept {
    file_loader** link = &joined_->first_joined_;
    while (*link != this) link = &(*link)->next_joined_;
    *link = next_joined_;
    joined_ = nullptr;
  }

  void on_read() noexcept {
    outcome_ = load_outcome::failed;
    error_ = reader_.error();
    path_ = name_.path();
    switch (reader_.outcome()) {
      case read_outcome::unchanged:
        found_ = std::exchange(known_, nullptr);
        outcome_ = load_outcome::found;
        break;
      case read_outcome::made:
        found_ = reader_.take();
        outcome_ = load_outcome::found;
        break;
      case read_outcome::directory:
        // A directory is no index file, and nothing encoded.
        if (name_.names_index() || !is_plain()) {
          error_ = io::error::not_found;
        } else {
          outcome_ = load_outcome::directory;
        }
        break;
      case read_outcome::unstable:
        outcome_ = load_outcome::unstable;
        break;
      case read_outcome::failed:
        break;
    }
    // What lies beside it is reached the same way.
    if (found_ != nullptr && !reader_.has_one_path()) found_->siblings_are_told = false;
    if (found_ == nullptr || !looks_for_siblings(*found_)) return land();
    siblings_asked_ = services_.proactor.now();
    sibling_look_.template start<&file_loader::on_siblings>(this, root_->directory, name_,
                                                            found_->status.modified_ns);
  }

  void on_siblings() noexcept {
    if (canceled_) {
      drop(found_);
      outcome_ = load_outcome::failed;
      error_ = io::error::canceled;
      return land();
    }
    generation& g = *found_;
    g.siblings_checked = siblings_asked_;
    g.siblings_are_told = sibling_look_.has_one_path();
    if (g.siblings != sibling_look_.found()) {
      g.siblings = sibling_look_.found();
      g.head = representation_head(g.fields());
    }
    land();
  }

  // The look is over: the cache and those that wait hear of it.
  void land() noexcept {
    if (entry* const e = std::exchange(entry_, nullptr)) tell_cache(*e);
    drop(known_);
    while (first_joined_ != nullptr) {
      file_loader& other = *first_joined_;
      other.leave();
      other.resume(*this);
    }
    if (conclude()) finished_(owner_);
  }

  void tell_cache(entry& e) noexcept {
    bool const again = e.queue != cache_queue::none;
    bool const is_absent =
        outcome_ == load_outcome::directory ||
        (outcome_ == load_outcome::failed &&
         (error_ == io::error::not_found || error_ == io::error::not_a_directory));
    if (found_ != nullptr && e.generation != found_) services_.cache.put(e, *found_);
    if (is_absent) services_.cache.put_absent(e, outcome_, error_);
    if (found_ != nullptr || is_absent) {
      services_.changes.looked_at(e, reader_.looked(), reader_.has_one_path(), again);
      if (found_ != nullptr && e.noticed >= found_->siblings_checked)
        found_->siblings_checked = never;
    }
    if (is_plain()) services_.cache.learn(e, target_);
    e.flight = nullptr;
    services_.cache.settle(e);
  }

  // Another one has looked.
  void resume(file_loader& other) noexcept {
    if (!other.canceled_ && asked_ <= other.reader_.looked()) {
      outcome_ = other.outcome_;
      error_ = other.error_;
      path_ = name_.path();
      found_ = other.found_;
      if (found_ != nullptr) services_.cache.retain(*found_);
    } else if (!begin()) {
      return;
    }
    if (conclude()) finished_(owner_);
  }

  // ---- Encoded representations

  // There is an outcome for the file, or for an encoded form of it. True when that is the answer,
  // or there is another; false when something has to be waited for.
  bool conclude() noexcept {
    if (canceled_) return true;
    if (is_plain()) return outcome_ != load_outcome::found || choose();
    if (outcome_ == load_outcome::found &&
        found_->status.modified_ns >= plain_->status.modified_ns) {
      drop(plain_);
      return true;
    }
    // It is missing, broken or too old: those that are left are chosen from.
    drop(found_);
    found_ = std::exchange(plain_, nullptr);
    refused_.add(name_.coding());
    name_.set(content_coding::identity);
    path_ = name_.path();
    outcome_ = load_outcome::found;
    return choose();
  }

  // True when the choice falls on what is found, on a variant of it, or on nothing.
  bool choose_here() noexcept {
    chosen_ = content_coding::identity;
    if (!accept_encoding_) return true;
    coding_set const available = found_->encoded() - refused_;
    coding_set const makeable = found_->makeable();
    if (found_->varies() || !services_.configuration.precompressed.empty()) {
      accepted_codings const& accepted = services_.accepted.of(*accept_encoding_);
      auto coding = negotiate(accepted, available | makeable);
      if (coding && !available.has(*coding) && makeable.has(*coding)) {
        services_.variants.want(*found_, *coding);
        coding = negotiate(accepted, available);
      }
      if (!coding) {
        drop(found_);
        outcome_ = load_outcome::not_acceptable;
        return true;
      }
      chosen_ = *coding;
    }
    if (chosen_ == content_coding::identity) return true;
    generation* const variant = found_->variant(chosen_);
    if (variant == nullptr || found_->siblings.has(chosen_)) return false;
    services_.cache.retain(*variant);
    drop(found_);
    found_ = variant;
    return true;
  }

  bool choose() noexcept {
    if (choose_here()) return true;
    plain_ = std::exchange(found_, nullptr);
    name_.set(chosen_);
    return begin() && conclude();
  }

  services<Proactor>& services_;
  // What a hit needs comes first, so that it lies in few lines of the processor's cache.
  std::string_view target_;
  std::optional<std::string_view> accept_encoding_;
  std::string_view path_;
  io::instant asked_{};
  generation* found_ = nullptr;
  generation* plain_ = nullptr;  // The file, while an encoded form is looked for.
  generation* known_ = nullptr;  // With which the file is compared.
  root_generation<Proactor>* root_ = nullptr;
  page* memory_ = nullptr;  // Holds the name.
  load_outcome outcome_ = load_outcome::failed;
  io::error error_ = io::error::none;
  bool canceled_ = false;
  coding_set refused_;  // Found to be missing, broken or too old.
  content_coding chosen_ = content_coding::identity;
  file_name name_;
  entry* entry_ = nullptr;  // What this looks at.
  void* owner_ = nullptr;
  void (*finished_)(void*) noexcept = nullptr;
  root_waiter root_wait_;
  file_loader* joined_ = nullptr;
  file_loader* first_joined_ = nullptr;
  file_loader* next_joined_ = nullptr;
  io::instant siblings_asked_{};
  file_reader<Proactor> reader_;
  sibling_look<Proactor> sibling_look_;
};

}  // namespace quire::server
