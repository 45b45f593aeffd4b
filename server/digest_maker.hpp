// Makes digests of representations, of one worker: beside the loop, each once, kept with the
// generation.
//
// Who asks for a digest waits for it, as for a file that has to be read: digest_wait is its place
// in the queue. However many wait for one digest, it is made once; a few jobs are under way at a
// time, the others wait in order. A wait may be given up at any time, without waiting. Never waits
// on the loop.
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/server/generation_jobs.hpp>
#include <quire/server/message_digest.hpp>

#include <atomic>
#include <cassert>
#include <span>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
class digest_maker;

// One request's wait. Part of an exchange.
template <io::proactor Proactor>
class digest_wait {
 public:
  using generation = representation<Proactor>;

  digest_wait() = default;
  digest_wait(digest_wait const&) = delete;
  digest_wait& operator=(digest_wait const&) = delete;
  ~digest_wait() { assert(of_ == nullptr); }

  // What was waited for, with the reference that want() was given. Its digest may still be missing,
  // when there was no memory for it.
  generation* take() noexcept { return std::exchange(of_, nullptr); }

 private:
  friend class digest_maker<Proactor>;
  void* owner_ = nullptr;
  void (*finished_)(void*) noexcept = nullptr;
  generation* of_ = nullptr;
  digest_algorithm algorithm_ = digest_algorithm::sha_256;
  bool waits_ = false;
  digest_wait* next_ = nullptr;
};

template <io::proactor Proactor>
class digest_maker {
 public:
  using generation = representation<Proactor>;
  using wait = digest_wait<Proactor>;

  // `work` carries the jobs out; nullptr: no digest is made. `owner`: of the jobs
  // (background_work::leave).
  digest_maker(Proactor& p, file_cache<Proactor>& cache, background_work* work,
               void const* owner) noexcept
      : cache_(cache), jobs_(p, cache, work, owner) {
    jobs_.template bind<&digest_maker::on_done>(this);
  }
  digest_maker(digest_maker const&) = delete;
  digest_maker& operator=(digest_maker const&) = delete;

  // True when there is one, or it is being made for `w`: then (owner->*Member)() is called when it
  // is there, and `w` has taken over the caller's reference to g. False: there is nothing to wait
  // for.
  template <auto Member, class Owner>
  [[nodiscard]] bool want(Owner* owner, generation& g, digest_algorithm a, wait& w) noexcept {
    if (!jobs_.can_work() || !g.in_memory || !g.digest(a).empty()) return false;
    w.owner_ = owner;
    w.finished_ = [](void* self) noexcept { (static_cast<Owner*>(self)->*Member)(); };
    w.of_ = &g;
    w.algorithm_ = a;
    w.waits_ = true;
    w.next_ = nullptr;
    *last_ = &w;
    last_ = &w.next_;
    start();
    return true;
  }
  // Nobody waits there any more.
  void give_up(wait& w) noexcept {
    if (std::exchange(w.waits_, false)) unlink(w);
    if (w.of_ != nullptr) cache_.release(*w.take());
  }
  bool idle() const noexcept { return jobs_.idle(); }

 private:
  // One digest.
  struct hashing {
    void run(generation const& of, std::atomic<bool> const&) noexcept {
      digest = digest_of(of.content, algorithm);
    }
    void take_over(hashing const& done) noexcept { digest = done.digest; }
    // Equal tags of one file are equal content, as they are for every client; those of two files
    // could be forged.
    bool is_like(generation const& of, hashing const& other,
                 generation const& of_other) const noexcept {
      return algorithm == other.algorithm && of.status == of_other.status &&
             of.entity_tag == of_other.entity_tag;
    }

    digest_algorithm algorithm = digest_algorithm::sha_256;
    message_digest digest = {};
  };

  static bool is_for(hashing const& h, generation const& of, wait const& w) noexcept {
    return &of == w.of_ && h.algorithm == w.algorithm_;
  }
  bool is_under_way(wait const& w) const noexcept {
    return jobs_.any([&](hashing const& h, generation const& of) { return is_for(h, of, w); });
  }
  void unlink(wait& w) noexcept {
    wait** link = &first_;
    while (*link != &w) link = &(*link)->next_;
    *link = w.next_;
    if (w.next_ == nullptr) last_ = link;
  }

  // Begins what the first of those that wait need, as far as there is a place.
  void start() noexcept {
    while (auto* const j = jobs_.free_place()) {
      wait* w = first_;
      while (w != nullptr && is_under_way(*w)) w = w->next_;
      if (w == nullptr) return;
      j->work = {.algorithm = w->algorithm_};
      jobs_.start(*j, *w->of_);
    }
  }

  void on_done(hashing& h, generation& g) noexcept {
    if (h.digest.size != 0) {
      g.set_digest(h.algorithm,
                   digest_field_value(h.algorithm, std::span(h.digest.bytes).first(h.digest.size)));
    }
    // All who wait for it are taken out before any of them goes on and waits anew.
    wait* served = nullptr;
    wait** last_served = &served;
    wait** link = &first_;
    while (*link != nullptr) {
      wait& w = **link;
      if (!is_for(h, g, w)) {
        link = &w.next_;
        continue;
      }
      *link = std::exchange(w.next_, nullptr);
      *last_served = &w;
      last_served = &w.next_;
    }
    last_ = link;
    start();
    while (served != nullptr) {
      wait& w = *std::exchange(served, served->next_);
      w.waits_ = false;
      w.finished_(w.owner_);
    }
  }

  file_cache<Proactor>& cache_;
  wait* first_ = nullptr;
  wait** last_ = &first_;  // Where the next one is linked.
  generation_jobs<Proactor, hashing, 2> jobs_;
};

}  // namespace quire::server
