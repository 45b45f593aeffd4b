// The file cache of one worker: representations by path. One thread, no lock.
//
// Bounded in bytes and in open files. Eviction is first in, first out with a second chance for what
// was used since the hand last came by. A representation that is being sent outlives its eviction
// until its last response ends. Finding allocates nothing; inserting may grow the table of buckets.
#pragma once

#include <quire/server/representation.hpp>

#include <cassert>
#include <cstddef>
#include <memory>
#include <string_view>
#include <vector>

namespace quire::server {

template <io::proactor Proactor>
class file_cache {
 public:
  using entry = representation<Proactor>;

  file_cache(Proactor& proactor, page_pool& pool, std::size_t bytes_max, std::size_t files_max)
      : proactor_(proactor),
        pool_(pool),
        bytes_max_(bytes_max),
        files_max_(files_max),
        buckets_(256) {}
  file_cache(file_cache const&) = delete;
  file_cache& operator=(file_cache const&) = delete;
  ~file_cache() {
    while (oldest_ != nullptr) remove(*oldest_);
  }

  // The representation known by this path; nullptr if there is none. It may be out of date: see
  // `checked`.
  entry* find(std::string_view path) noexcept {
    for (entry* e = bucket(path); e != nullptr; e = e->next_in_bucket) {
      if (e->path == path) {
        e->used_again = true;
        return e;
      }
    }
    return nullptr;
  }

  // Takes a new representation in, in place of the one with the same path. One that alone is larger
  // than the cache stays outside.
  void insert(entry& e) {
    if (entry* const old = find(e.path)) remove(*old);
    if (e.bytes() > bytes_max_) return;
    if (count_ == buckets_.size()) grow();
    retain(e);
    e.cached = true;
    entry*& head = bucket(e.path);
    e.next_in_bucket = head;
    head = &e;
    push_newest(e);
    ++count_;
    bytes_ += e.bytes();
    files_ += e.in_memory ? 0 : 1;
    while (bytes_ > bytes_max_ || files_ > files_max_) evict();
  }

  void remove(entry& e) noexcept {
    assert(e.cached);
    e.cached = false;
    entry** link = &bucket(e.path);
    while (*link != &e) link = &(*link)->next_in_bucket;
    *link = e.next_in_bucket;
    unlink(e);
    --count_;
    bytes_ -= e.bytes();
    files_ -= e.in_memory ? 0 : 1;
    release(e);
  }

  void retain(entry& e) noexcept { ++e.references; }
  void release(entry& e) noexcept {
    if (--e.references != 0) return;
    while (page* const p = e.content.pop()) pool_.release(p);
    if (!e.in_memory) proactor_.close(e.file);
    delete &e;
  }

  // Makes room when the pool has run dry: forgets the oldest entries. False when there are none.
  bool shrink() noexcept {
    if (oldest_ == nullptr) return false;
    for (std::size_t n = count_ / 8 + 1; n != 0 && oldest_ != nullptr; --n) remove(*oldest_);
    return true;
  }

  std::size_t count() const noexcept { return count_; }
  std::size_t bytes_max() const noexcept { return bytes_max_; }
  std::size_t bytes() const noexcept { return bytes_; }

 private:
  // FNV-1a: paths are short, and what is cached is what the site holds, not what a client invents.
  static std::size_t hash(std::string_view path) noexcept {
    std::uint64_t h = 14695981039346656037ULL;
    for (char const c : path) h = (h ^ static_cast<unsigned char>(c)) * 1099511628211ULL;
    return static_cast<std::size_t>(h ^ (h >> 32));
  }
  entry*& bucket(std::string_view path) noexcept {
    return buckets_[hash(path) & (buckets_.size() - 1)];
  }

  void grow() {
    buckets_.assign(buckets_.size() * 2, nullptr);
    for (entry* e = oldest_; e != nullptr; e = e->next_in_queue) {
      entry*& head = bucket(e->path);
      e->next_in_bucket = head;
      head = e;
    }
  }

  void evict() noexcept {
    for (;;) {
      entry& e = *oldest_;
      if (!e.used_again) return remove(e);
      e.used_again = false;
      unlink(e);
      push_newest(e);
    }
  }

  void push_newest(entry& e) noexcept {
    e.next_in_queue = nullptr;
    e.previous_in_queue = newest_;
    (newest_ != nullptr ? newest_->next_in_queue : oldest_) = &e;
    newest_ = &e;
  }
  void unlink(entry& e) noexcept {
    (e.previous_in_queue != nullptr ? e.previous_in_queue->next_in_queue : oldest_) =
        e.next_in_queue;
    (e.next_in_queue != nullptr ? e.next_in_queue->previous_in_queue : newest_) =
        e.previous_in_queue;
  }

  Proactor& proactor_;
  page_pool& pool_;
  std::size_t bytes_max_;
  std::size_t files_max_;
  std::vector<entry*> buckets_;
  entry* oldest_ = nullptr;
  entry* newest_ = nullptr;
  std::size_t count_ = 0;
  std::size_t bytes_ = 0;
  std::size_t files_ = 0;
};

}  // namespace quire::server
