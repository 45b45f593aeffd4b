// The file cache of one worker: what is known of each path. One thread, no lock.
//
// Entries are found by their path, and by request-targets that were resolved to it before.
// Everything is counted: pages, heads, keys, and the names of what was evicted; what does not fit
// together leaves by S3-FIFO (eviction_queues.hpp). When the whole site fits, all of it stays. A
// generation that is being sent outlives its entry until its last response ends. Finding allocates
// nothing.
#pragma once

#include <quire/server/eviction_queues.hpp>
#include <quire/server/file_entry.hpp>
#include <quire/server/hash_index.hpp>
#include <quire/server/path_hash.hpp>
#include <quire/server/watched_directory.hpp>

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <new>
#include <string>
#include <string_view>
#include <utility>

namespace quire::server {

struct cache_limits {
  std::size_t bytes_max = 0;
  std::size_t streamed_max = 128;  // Large files, each of which keeps a descriptor.
  std::size_t copies_max = 64;     // Copies of such files, each of which keeps one.
  std::size_t absent_max = 1024;   // Paths at which there is no file.
};

template <io::proactor Proactor>
class file_cache {
 public:
  using entry = file_entry<Proactor>;
  using generation = representation<Proactor>;

  // Longer ones are not kept: a site has no such names.
  static constexpr std::size_t absent_path_max = 256;
  static constexpr std::size_t target_max = 512;

  file_cache(Proactor& proactor, page_pool& pool, cache_limits const& limits, std::uint64_t seed)
      : proactor_(proactor),
        pool_(pool),
        bytes_max_(limits.bytes_max),
        copies_max_(limits.copies_max),
        seed_(seed),
        // Absent paths take a sixteenth of the memory at most.
        queues_(limits.bytes_max, limits.streamed_max,
                std::min(limits.absent_max, limits.bytes_max / 16 / absent_cost)) {}
  file_cache(file_cache const&) = delete;
  file_cache& operator=(file_cache const&) = delete;
  ~file_cache() {
    while (entry* const e = queues_.evict()) discard(*e);
    assert(by_path_.count() == 0 && by_target_.count() == 0);
  }

  // What is known of a path; nullptr: nothing. Whether it is still right is another question
  // (freshness.hpp).
  entry* find(std::string_view path) noexcept {
    return by_path_.find(path_hash(path, seed_), [=](entry const& e) { return e.path == path; });
  }
  // The entry that this request-target means, if that was learnt.
  [[gnu::always_inline]] entry* find_target(std::string_view target) noexcept {
    return by_target_.find(path_hash(target, seed_), [=](entry const& e) {
      return e.targets[0] == target || e.targets[1] == target;
    });
  }
  static void touch(entry& e) noexcept { eviction_queues<entry>::touch(e); }

  // An entry for a path of which nothing is known, to be looked at; nullptr when there is no
  // memory. Requires: find(path) == nullptr. settle() follows when that is known.
  entry* add(std::string_view path) noexcept {
    entry* const e = new (std::nothrow) entry;
    if (e == nullptr) return nullptr;
    try {
      e->path = path;
      if (by_path_.is_full()) by_path_.grow();
      // So there is room for a target of each, also where the limit keeps learn() from growing it.
      if (by_target_.bytes() < by_path_.bytes()) by_target_.grow();
    } catch (std::bad_alloc const&) {
      delete e;
      return nullptr;
    }
    e->hash = path_hash(path, seed_);
    by_path_.insert(e->hash, *e);
    return e;
  }

  // There is this generation of the file. It is kept if it fits. Requires, here and below: somebody
  // looks at the entry.
  void put(entry& e, generation& g) noexcept {
    assert(g.known_as == nullptr);
    cache_queue const where = g.in_memory ? queues_.admission(e) : cache_queue::streamed;
    withdraw(e);
    e.outcome = load_outcome::found;
    e.error = io::error::none;
    e.generation = &g;
    g.known_as = &e;
    retain(g);
    keep(e, where);
  }
  // There is no file, but this.
  void put_absent(entry& e, load_outcome outcome, io::error error) noexcept {
    withdraw(e);
    e.outcome = outcome;
    e.error = error;
    if (e.path.size() <= absent_path_max) keep(e, cache_queue::absent);
  }
  // A generation whose content is that of this form, which counts within the limit of the pool until
  // it is released; the caller has a reference. nullptr when there is no memory.
  generation* make_encoded(std::shared_ptr<encoded_form const> const& form,
                           content_coding coding) noexcept {
    std::unique_ptr<generation> g(new (std::nothrow) generation);
    if (g == nullptr) return nullptr;
    try {
      g->entity_tag = form->entity_tag();
    } catch (std::bad_alloc const&) {
      return nullptr;
    }
    if (!pool_.set_aside(form->size())) return nullptr;
    // Nobody writes there: it is full.
    const_span const bytes = form->bytes();
    g->set_run({const_cast<char*>(bytes.data), bytes.size}, bytes.size);
    g->in_memory = true;
    g->form = form;
    g->coding = coding;
    retain(*g);
    return g.release();
  }
  // An encoded form was made of this generation. False when it does not fit; nothing is kept then.
  bool add_variant(generation& of, generation& variant) noexcept {
    entry* const e = of.known_as;
    if (e == nullptr || e->cost() + variant.bytes() > bytes_max_) return false;
    generation*& place = of.variants[static_cast<std::size_t>(variant.coding)];
    assert(place == nullptr);
    retain(variant);
    place = &variant;
    recount(*e);
    // It may itself have to leave.
    retain(of);
    make_room(0);
    bool const stays = of.known_as != nullptr;
    release(of);
    return stays;
  }

  // Somebody looks at the file or makes an encoded form of this generation, or it is not the one that
  // is known: no other one can take its place now.
  static bool is_busy(generation const& g) noexcept {
    return g.known_as == nullptr || g.known_as->flight != nullptr || !g.in_making.empty();
  }
  // A generation with a memory file of the size of this one's content, which is to be put there; the
  // caller has a reference. nullptr when there is no memory.
  generation* make_twin(generation const& of) noexcept {
    std::unique_ptr<generation> g(new (std::nothrow) generation);
    if (g == nullptr) return nullptr;
    g->status = of.status;
    if (!open_memory(*g)) return nullptr;
    retain(*g);
    return g.release();
  }
  // The twin, whose content is there now, takes its place. False, when memory is short: it stays.
  // Requires: not is_busy(of).
  bool replace(generation& of, generation& twin) noexcept {
    entry* const e = of.known_as;
    try {
      twin.describe_as(of);
    } catch (std::bad_alloc const&) {
      return false;
    }
    for (generation* const v : twin.variants) {
      if (v != nullptr) retain(*v);
    }
    twin.in_memory = true;
    twin.known_as = std::exchange(of.known_as, nullptr);
    e->generation = &twin;
    retain(twin);
    release(of);
    recount(*e);
    return true;
  }

  // A copy of this large file is to be made in memory: takes the place for it, and counts it from
  // now on among what is kept. False when there is none, or the file takes too large a share; it
  // stays what it is then. Half of the memory may go to one file, so that there is room for all
  // that is small.
  bool begin_copy(generation& g) noexcept {
    entry* const e = g.known_as;
    if (e == nullptr || e->queue != cache_queue::streamed || g.size() > bytes_max_ / 2)
      return false;
    if (copies_ == copies_max_ || !open_memory(g)) return false;
    ++copies_;
    g.copy = file_copy::in_making;
    queues_.remove(*e);
    make_room(e->cost());
    bool const fits = bytes() + e->cost() <= bytes_max_;
    if (!fits) close_copy(g, file_copy::none);
    e->bytes = e->cost();
    queues_.push(*e, fits ? cache_queue::main : cache_queue::streamed);
    return fits;
  }
  // There will be no copy.
  void drop_copy(generation& g) noexcept {
    close_copy(g, file_copy::failed);
    entry* const e = g.known_as;
    if (e == nullptr) return;
    queues_.remove(*e);
    e->bytes = e->cost();
    queues_.push(*e, cache_queue::streamed);
    while (entry* const surplus = queues_.evict_surplus()) remove(*surplus);
  }

  // This request-target means this path: find_target() knows from now on.
  void learn(entry& e, std::string_view target) noexcept {
    if (e.queue == cache_queue::none || target.empty() || target.size() > target_max) return;
    if (find_target(target) != nullptr) return;
    if (by_target_.is_full() && bytes() + by_target_.bytes() > bytes_max_) return;
    std::string& t = e.targets[e.next_target++ % e.targets.size()];
    forget(e, t);
    try {
      if (by_target_.is_full()) by_target_.grow();
      t = target;
    } catch (std::bad_alloc const&) {
      return;
    }
    by_target_.insert(path_hash(target, seed_), e);
    recount(e);
  }

  // Nothing is known of it any more.
  void remove(entry& e) noexcept {
    withdraw(e);
    settle(e);
  }
  // Nothing is known of any path. Who looks at a file keeps the outcome for itself.
  void clear() noexcept {
    by_path_.clear([this](entry& e) {
      if (e.flight != nullptr) e.flight->lose_entry();
      discard(e);
    });
  }
  // Nobody looks at it any more: without anything that is kept it ends.
  void settle(entry& e) noexcept {
    if (e.queue == cache_queue::none && e.flight == nullptr) discard(e);
  }

  void retain(generation& g) noexcept { ++g.references; }
  void release(generation& g) noexcept {
    if (--g.references != 0) return;
    for (generation* const v : g.variants) {
      if (v != nullptr) release(*v);
    }
    if (g.has_shared_content()) pool_.give_back(g.form->size());
    if (g.run) g.drop_run();
    while (page* const p = g.content.pop()) pool_.release(p);
    if (g.file.is_open()) proactor_.close(g.file);
    if (g.copy == file_copy::in_making || g.copy == file_copy::made) {
      close_copy(g, file_copy::none);
    } else if (g.memory.is_open()) {
      close_memory(g);
    }
    delete &g;
  }

  // Makes room when the pool has run dry. False when there is nothing to forget.
  bool shrink() noexcept {
    bool any = false;
    for (std::size_t n = queues_.count() / 8 + 1; n != 0; --n) {
      entry* const e = queues_.evict();
      if (e == nullptr) break;
      remove(*e);
      any = true;
    }
    return any;
  }

  std::size_t count() const noexcept { return queues_.count(); }
  std::size_t count(cache_queue q) const noexcept { return queues_.count(q); }
  std::size_t bytes_max() const noexcept { return bytes_max_; }
  // Copies of large files that are kept or being made, or still being sent.
  std::size_t copies() const noexcept { return copies_; }
  // With the tables.
  std::size_t bytes() const noexcept {
    return queues_.bytes() + by_path_.bytes() + by_target_.bytes();
  }

 private:
  static constexpr std::size_t absent_cost = sizeof(entry) + absent_path_max + target_max;

  void keep(entry& e, cache_queue where) noexcept {
    std::size_t const bytes = e.cost();
    make_room(bytes);
    if (this->bytes() + bytes > bytes_max_) return withdraw(e);  // Alone it is too large.
    e.bytes = bytes;
    queues_.push(e, where);
    while (entry* const surplus = queues_.evict_surplus()) remove(*surplus);
  }
  // So that so many more fit.
  void make_room(std::size_t bytes) noexcept {
    while (this->bytes() + bytes > bytes_max_) {
      entry* const e = queues_.evict();
      if (e == nullptr) return;
      remove(*e);
    }
  }
  // Counts within the limit of the pool.
  bool open_memory(generation& g) noexcept {
    auto const size = static_cast<std::size_t>(g.status.size);
    if (!pool_.set_aside(size)) return false;
    if (proactor_.make(g.memory, size) == io::error::none) return true;
    pool_.give_back(size);
    return false;
  }
  void close_memory(generation& g) noexcept {
    pool_.give_back(static_cast<std::size_t>(g.memory.size()));
    proactor_.close(g.memory);
  }
  void close_copy(generation& g, file_copy now) noexcept {
    close_memory(g);
    --copies_;
    g.copy = now;
  }
  void recount(entry& e) noexcept { queues_.recount(e, e.cost()); }

  // Takes it out of its queue and forgets what it holds.
  void withdraw(entry& e) noexcept {
    if (e.queue != cache_queue::none) queues_.remove(e);
    if (generation* const g = std::exchange(e.generation, nullptr)) {
      g->known_as = nullptr;
      release(*g);
    }
    e.checked = never;
  }
  void discard(entry& e) noexcept {
    withdraw(e);
    for (std::string& t : e.targets) forget(e, t);
    if (e.listed_in != nullptr) e.listed_in->remove(e);
    by_path_.erase(e.hash, e);
    delete &e;
  }
  void forget(entry& e, std::string& target) noexcept {
    if (target.empty()) return;
    by_target_.erase(path_hash(target, seed_), e);
    target.clear();
  }

  Proactor& proactor_;
  page_pool& pool_;
  std::size_t bytes_max_;
  std::size_t copies_max_;
  std::size_t copies_ = 0;
  std::uint64_t seed_;
  eviction_queues<entry> queues_;
  hash_index<entry> by_path_;
  hash_index<entry> by_target_;
};

}  // namespace quire::server
