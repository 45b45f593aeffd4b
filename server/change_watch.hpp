// Which entries of the cache are covered by change notices, so that they need no look while none
// comes.
//
// An entry is covered when every directory from the root to its file was watched before the file
// was looked at, and its path was the only way to the file (clause 27 of io/contract.hpp). An entry
// for a path at which there is nothing is covered by the deepest directory on it that there is.
// What a notice is about is looked at again by the next request for it; when notices are lost,
// everything is. Nothing wakes the loop for a notice: they are heard before the first answer of a
// turn. Where the system, or the file system of a directory, tells of nothing, nothing is covered,
// and freshness.hpp decides.
//
// A directory is watched from the second look at an entry in it on: what is asked for once costs
// nothing here. The number of directories is bounded; those that hold nothing are forgotten. Memory
// is taken when a directory is new, never for a hit.
#pragma once

#include <quire/server/file_cache.hpp>
#include <quire/server/site/content_coding.hpp>
#include <quire/server/site_root.hpp>
#include <quire/server/watched_directory.hpp>

#include <cstddef>
#include <functional>
#include <iterator>
#include <map>
#include <new>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

namespace quire::server {

template <io::proactor Proactor>
class change_watch {
 public:
  using entry = file_entry<Proactor>;

  // For each of them the kernel keeps an inode, about a kibibyte.
  static constexpr std::size_t directories_max = 4096;
  static constexpr std::size_t depth_max = 64;
  // That are heard in one turn.
  static constexpr std::size_t notices_max = 16384;

  change_watch(Proactor& proactor, file_cache<Proactor>& cache, site_root<Proactor>& root) noexcept
      : proactor_(proactor), cache_(cache), root_(root) {
    watch_.template bind<&change_watch::on_watched>(this);
  }
  change_watch(change_watch const&) = delete;
  change_watch& operator=(change_watch const&) = delete;
  ~change_watch() { forget_all(); }

  // From now on entries may be covered. Requires: the root is open.
  void start() noexcept {
    started_ = true;
    root_changed();
  }
  // What was watched belongs to another site.
  void root_changed() noexcept {
    forget_all();
    running_ = started_ && root_.current() != nullptr;
    if (running_) watch_root();
  }
  // No more; idle() follows.
  void stop() noexcept {
    started_ = running_ = false;
    forget_all();
    if (!watch_.idle()) proactor_.cancel(watch_);
  }
  bool idle() const noexcept { return watch_.idle(); }
  std::size_t directories() const noexcept { return directories_.size(); }

  // Hears what was told so far. Before anything is trusted, and once a turn.
  void hear() noexcept {
    if (by_number_.empty() || heard_ == proactor_.now()) return;
    heard_ = proactor_.now();
    io::change_notice n;
    for (std::size_t count = 0; proactor_.next_notice(n); ++count) {
      // Where files change faster than that is told, the rest is left for the next turn.
      if (n.what == io::change::lost || count == notices_max) {
        forget_all();
        return watch_root();
      }
      auto const it = by_number_.find(n.watch);
      if (it != by_number_.end()) take(it->second, n);
    }
  }

  // A look that began at `looked` told what is known of the entry now. `again`: it was known
  // before.
  void looked_at(entry& e, io::instant looked, bool one_path, bool again) noexcept {
    // What a notice said in the same turn may have come after the look.
    e.checked = looked > e.noticed ? looked : never;
    e.watched = false;
    // What is sent from the disk costs more than a look at it.
    if (!running_ || !one_path || e.queue == cache_queue::streamed) return;
    if (e.listed_in == nullptr && again) cover(e);
    if (e.listed_in == nullptr) return;
    directory const& d = e.listed_in->of;
    if (e.listed_in == &d.below && e.outcome != load_outcome::failed) {
      return e.listed_in->remove(e);  // What was missing on its path has come.
    }
    e.watched = d.state == watch_state::watched && d.since < looked;
  }

 private:
  using directory = watched_directory<Proactor>;
  using names = watched_names<Proactor>;
  // By path, with a slash behind each name: what lies below one follows it.
  using directory_map = std::map<std::string, directory, std::less<>>;
  using position = typename directory_map::iterator;

  // ---- Which directories are watched

  void watch_root() noexcept {
    if (find_or_add({}) == nullptr) running_ = false;
  }

  // The directory that the entry's file is in is to be watched, and all above it.
  void cover(entry& e) noexcept {
    if (directories_.size() > directories_max - depth_max) forget_empty();
    std::string_view const path = std::string_view(e.path).substr(0, e.path.rfind('/') + 1);
    directory* d = find_or_add({});
    std::size_t depth = 0;
    for (std::size_t end = 0; d != nullptr && d->state != watch_state::blind; ++depth) {
      end = path.find('/', end) + 1;
      if (end == 0) return d->here.push(e);
      d = depth == depth_max ? nullptr : find_or_add(path.substr(0, end));
    }
  }

  directory* find_or_add(std::string_view path) noexcept {
    auto it = directories_.find(path);
    if (it != directories_.end()) return &it->second;
    if (directories_.size() == directories_max) return nullptr;
    try {
      wanted_.emplace_back(path);
      it = directories_.try_emplace(std::string(path)).first;
    } catch (std::bad_alloc const&) {
      return nullptr;
    }
    watch_next();
    return &it->second;
  }

  // One after the other, so that what lies above is watched first.
  void watch_next() noexcept {
    while (running_ && watch_.idle() && next_wanted_ != wanted_.size()) {
      path_ = std::move(wanted_[next_wanted_++]);
      auto const at = directories_.find(path_);
      if (at == directories_.end() || at->second.state != watch_state::wanted) continue;
      watching_ = &at->second;
      std::string_view path = path_;
      if (!path.empty()) path.remove_suffix(1);
      watching_below_ = root_.current();
      root_.retain(*watching_below_);
      proactor_.watch(watching_below_->directory, watch_, path);
    }
    if (next_wanted_ != wanted_.size()) return;
    wanted_.clear();
    next_wanted_ = 0;
  }

  void on_watched() noexcept {
    root_.release(*std::exchange(watching_below_, nullptr));
    bool const watches = watch_.result() == io::error::none;
    if (std::exchange(watching_, nullptr) == nullptr) {
      // Forgotten meanwhile.
      if (watches && !by_number_.contains(watch_.number())) proactor_.unwatch(watch_.number());
    } else if (watches) {
      watched(directories_.find(path_));
    } else if (watch_.result() == io::error::not_found ||
               watch_.result() == io::error::not_a_directory) {
      absent();
    } else {
      blind();
    }
    watch_next();
  }

  void watched(position at) noexcept {
    // One that was moved here, which its old place does not know yet.
    if (auto const old = by_number_.find(watch_.number()); old != by_number_.end()) {
      position const moved = old->second;
      by_number_.erase(old);
      moved->second.number = -1;
      forget_tree(moved);
    }
    try {
      by_number_.emplace(watch_.number(), at);
    } catch (std::bad_alloc const&) {
      proactor_.unwatch(watch_.number());
      return blind();
    }
    at->second.number = watch_.number();
    at->second.since = proactor_.now();
    at->second.state = watch_state::watched;
  }

  // There is no such directory: the one above it will tell when it comes.
  void absent() noexcept {
    if (path_.empty()) return blind();
    std::size_t const above = path_.rfind('/', path_.size() - 2) + 1;  // 0 where there is none.
    directory& parent = directories_.find(std::string_view(path_).substr(0, above))->second;
    for (auto at = directories_.lower_bound(path_); is_below(at, path_);) {
      for (names* const l : {&at->second.here, &at->second.below}) {
        while (entry* const e = l->first) {
          l->remove(*e);
          parent.below.push(*e);
        }
      }
      at = directories_.erase(at);
    }
  }

  void blind() noexcept {
    for (auto at = directories_.lower_bound(path_); is_below(at, path_); ++at) {
      at->second.state = watch_state::blind;
      empty(at->second);
    }
    if (path_.empty()) running_ = false;
  }

  void empty(directory& d) noexcept {
    for (names* const l : {&d.here, &d.below}) {
      while (entry* const e = l->first) {
        notice(*e);
        l->remove(*e);
      }
    }
  }

  // At this path or below it.
  bool is_below(position at, std::string_view path) const noexcept {
    return at != directories_.end() && at->first.starts_with(path);
  }
  position forget(position at) noexcept {
    directory& d = at->second;
    empty(d);
    if (d.number >= 0) {
      by_number_.erase(d.number);
      proactor_.unwatch(d.number);
    }
    if (watching_ == &d) watching_ = nullptr;
    return directories_.erase(at);
  }
  // With all below it, which goes first.
  void forget_tree(position at) noexcept {
    while (is_below(std::next(at), at->first)) forget(std::next(at));
    forget(at);
  }
  void forget_all() noexcept {
    while (!directories_.empty()) forget(directories_.begin());
  }
  bool is_empty(position at) const noexcept {
    return !at->first.empty() && at->second.empty() && !is_below(std::next(at), at->first);
  }
  // Those that hold nothing, the deepest first.
  void forget_empty() noexcept {
    for (auto at = directories_.end(); at != directories_.begin();) {
      --at;
      if (is_empty(at)) at = forget(at);
    }
  }

  // ---- What is told

  void take(position at, io::change_notice const& n) noexcept {
    if (n.what == io::change::gone) {
      bool const all = at->first.empty();
      forget_tree(at);
      if (!all) return;
      root_.distrust();
      return watch_root();
    }
    if (is_empty(at)) {
      forget(at);
      return;
    }
    try {
      name_ = at->first;
      name_ += n.name;
      notice_name();
      name_ += '/';
    } catch (std::bad_alloc const&) {
      forget_all();
      return watch_root();
    }
    if (n.what != io::change::name) return;
    names& below = at->second.below;
    while (entry* const e = below.first) {
      notice(*e);
      below.remove(*e);
    }
    for (auto under = directories_.lower_bound(name_); is_below(under, name_);) {
      under = forget(under);
    }
  }

  // What is known of `name_`, of the index that it may be, of what it may be an encoded form of,
  // and as such a form.
  void notice_name() {
    notice(name_);
    notice_index(name_);
    for (coding_name const& n : encoded_codings) {
      if (!name_.ends_with(n.extension)) continue;
      std::string_view const plain =
          std::string_view(name_).substr(0, name_.size() - n.extension.size());
      notice(plain);
      notice_index(plain);
      name_ += '\0';
      notice(name_);
      name_.pop_back();
    }
  }
  void notice_index(std::string_view name) noexcept {
    if (!name.ends_with(index_name)) return;
    name.remove_suffix(index_name.size());
    if (name.empty() || name.back() == '/') notice(name);
  }
  void notice(std::string_view path) noexcept {
    if (entry* const e = cache_.find(path)) notice(*e);
  }
  void notice(entry& e) noexcept {
    e.noticed = proactor_.now();
    e.checked = never;
    if (e.generation != nullptr) e.generation->siblings_checked = never;
  }

  Proactor& proactor_;
  file_cache<Proactor>& cache_;
  site_root<Proactor>& root_;
  root_generation<Proactor>* watching_below_ = nullptr;
  bool started_ = false;
  bool running_ = false;
  io::instant heard_ = never;
  directory_map directories_;
  std::unordered_map<int, position> by_number_;
  std::vector<std::string> wanted_;  // Paths, of which the first are done.
  std::size_t next_wanted_ = 0;
  directory* watching_ = nullptr;  // None when it was forgotten meanwhile.
  std::string path_;               // Of what is being watched.
  std::string name_;
  typename Proactor::watch_operation watch_;
};

}  // namespace quire::server
