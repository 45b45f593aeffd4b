// Makes encoded forms of files, of one worker: in the background, each once, kept as variants of
// the generation that they were made of.
//
// Whoever asks for a file in a coding that it could be in says so by want(), and is answered
// without. A few jobs are under way at a time; what finds no place is wanted again by the next
// request, so that what is asked for most comes first. Pages for the outcome are taken before a job
// begins, and never at the cost of what is cached. A variant of a generation that has been replaced
// is thrown away. Never waits on the loop.
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/server/encoding/content_encoder.hpp>
#include <quire/server/generation_jobs.hpp>
#include <quire/server/representation_head.hpp>
#include <quire/server/site/encoding_worth.hpp>

#include <algorithm>
#include <array>
#include <atomic>
#include <chrono>
#include <cstddef>
#include <cstring>
#include <new>
#include <utility>

namespace quire::server {

template <io::proactor Proactor>
class variant_maker {
 public:
  using generation = representation<Proactor>;

  // `work` carries the jobs out; nullptr: nothing is made. `owner`: of the jobs
  // (background_work::leave).
  variant_maker(Proactor& p, page_pool& pool, file_cache<Proactor>& cache, background_work* work,
                void const* owner, coding_set codings) noexcept
      : proactor_(p),
        pool_(pool),
        cache_(cache),
        codings_(work != nullptr ? codings : coding_set{}),
        jobs_(p, cache, work, owner) {
    jobs_.template bind<&variant_maker::on_done>(this);
  }
  variant_maker(variant_maker const&) = delete;
  variant_maker& operator=(variant_maker const&) = delete;

  // The codings in which this generation of a file can be made and is worth it.
  coding_set worth_making(generation const& g, media_type const& type) const noexcept {
    bool const fits = 2 * g.bytes() <= cache_.bytes_max();
    bool const worth = g.in_memory && fits && is_worth_encoding(type, g.content.size());
    return worth ? codings_ : coding_set{};
  }

  // Begins to make it, unless that is under way or there is no place for it. Requires:
  // g.makeable().has(coding).
  void want(generation& g, content_coding coding) noexcept {
    if (g.in_making.has(coding) || g.known_as == nullptr || stopping_) return;
    if (proactor_.now() < pause_until_) return;
    if (auto* const j = jobs_.free_place()) start(*j, g, coding);
  }

  // Nothing is begun any more; what is under way ends soon.
  void stop() noexcept {
    stopping_ = true;
    jobs_.stop([](encoding& e) { e.outcome = encoding_outcome::stopped; });
  }
  bool idle() const noexcept { return jobs_.idle(); }

 private:
  // One encoded form.
  struct encoding {
    // `made` is the thread's own.
    void run(generation const& of, std::atomic<bool> const& stop) noexcept {
      outcome = encode(coding, of.content, made->content, size_max, stop);
      if (outcome == encoding_outcome::encoded) {
        made->entity_tag = content_entity_tag(made->content, coding);
      }
    }
    void take_over(encoding const& done) noexcept {
      outcome = done.outcome;
      if (outcome != encoding_outcome::encoded) return;
      append(made->content, done.made->content);
      made->entity_tag = done.made->entity_tag;
    }
    // Equal tags of one size are equal content, as they are for every client.
    bool is_like(generation const& of, encoding const& other,
                 generation const& of_other) const noexcept {
      return coding == other.coding && size_max == other.size_max &&
             of.entity_tag == of_other.entity_tag;
    }

    generation* made = nullptr;
    content_coding coding = content_coding::identity;
    encoding_outcome outcome = encoding_outcome::stopped;
    std::size_t size_max = 0;
  };
  using jobs = generation_jobs<Proactor, encoding, 8>;

  // When memory is short, nothing is begun for so long.
  static constexpr std::chrono::seconds pause{1};
  // Of the pool's memory, so much may wait for outcomes.
  static constexpr std::size_t share_of_pool = 8;

  void start(typename jobs::job& j, generation& g, content_coding coding) noexcept {
    std::size_t const size_max = encoded_size_max(g.content.size());
    std::size_t const pages = (size_max + page_pool::page_size - 1) / page_pool::page_size;
    if ((pages_ + pages) * page_pool::page_size > pool_.bytes_max() / share_of_pool) return;
    generation* const made = new (std::nothrow) generation;
    if (made == nullptr) return;
    cache_.retain(*made);
    while (made->content.writable() < size_max) {
      page* const p = pool_.acquire();
      if (p == nullptr) {
        cache_.release(*made);
        pause_until_ = proactor_.now() + pause;
        return;
      }
      made->content.push(p);
    }
    pages_ += pages;
    g.in_making.add(coding);
    made->coding = coding;
    j.work = {.made = made, .coding = coding, .size_max = size_max};
    jobs_.start(j, g);
  }

  void on_done(encoding& e, generation& g) noexcept {
    generation& made = *std::exchange(e.made, nullptr);
    pages_ -= (e.size_max + page_pool::page_size - 1) / page_pool::page_size;
    g.in_making.remove(e.coding);
    switch (e.outcome) {
      case encoding_outcome::encoded:
        complete(g, made);
        break;
      case encoding_outcome::too_long:
        give_up(g);
        break;
      case encoding_outcome::no_memory:
        pause_until_ = proactor_.now() + pause;
        break;
      case encoding_outcome::stopped:
        break;
    }
    cache_.release(made);
  }

  void complete(generation& g, generation& made) noexcept {
    while (page* const p = made.content.pop_unwritten()) pool_.release(p);
    made.in_memory = true;
    made.media_type = g.media_type;
    made.status = g.status;
    made.last_modified = g.last_modified;
    made.head = representation_head(made.fields());
    if (cache_.add_variant(g, made)) {
      g.encodable.remove(made.coding);
    } else {
      give_up(g);
    }
  }
  // What one coding does not make smaller the others do not either.
  static void give_up(generation& g) noexcept {
    g.encodable = {};
    g.head = representation_head(g.fields());
  }

  static void append(buffer& to, buffer const& from) noexcept {
    for (auto run = from.pages_begin(); run != from.pages_end(); ++run) {
      const_span left = *run;
      while (left.size != 0) {
        std::array<mutable_span, 1> room{};
        to.scatter(room);
        std::size_t const here = std::min(left.size, room[0].size);
        std::memcpy(room[0].data, left.data, here);
        to.commit_write(here);
        left = {left.data + here, left.size - here};
      }
    }
  }

  Proactor& proactor_;
  page_pool& pool_;
  file_cache<Proactor>& cache_;
  coding_set codings_;
  std::size_t pages_ = 0;  // That jobs hold.
  io::instant pause_until_ = never;
  bool stopping_ = false;
  jobs jobs_;
};

}  // namespace quire::server
