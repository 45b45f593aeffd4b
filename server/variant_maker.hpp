// Makes encoded forms of files, of one worker: in the background, each once for all workers, kept as
// variants of the generation that they were made of.
//
// Whoever asks for a file in a coding that it could be in says so by want(), and is answered
// without. What another worker holds is there by the next turn of the loop (encoded_forms.hpp). Of
// the rest a few jobs are under way at a time; what finds no place is wanted again by the next
// request, so that what is asked for most comes first. Memory for the outcome is set aside before a
// job begins, and never at the cost of what is cached. A variant of a generation that has been
// replaced is thrown away. Never waits on the loop but for the lock of encoded_forms, once for each
// job.
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/server/encoded_forms.hpp>
#include <quire/server/generation_jobs.hpp>
#include <quire/server/representation_head.hpp>
#include <quire/server/site/encoding_worth.hpp>

#include <atomic>
#include <cassert>
#include <chrono>
#include <cstddef>
#include <memory>
#include <new>

namespace quire::server {

template <io::proactor Proactor>
class variant_maker {
 public:
  using generation = representation<Proactor>;

  // `work` carries the jobs out; nullptr: nothing is made. `owner`: of the jobs
  // (background_work::leave). `forms`: those of all workers; nullptr without work alone.
  variant_maker(Proactor& p, page_pool& pool, file_cache<Proactor>& cache, background_work* work,
                void const* owner, encoded_forms* forms, coding_set codings) noexcept
      : proactor_(p),
        pool_(pool),
        cache_(cache),
        forms_(forms),
        codings_(work != nullptr ? codings : coding_set{}),
        jobs_(p, cache, work, owner) {
    assert(work == nullptr || forms != nullptr);
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
    jobs_.stop([](encoding& e) { e.result = {encoding_outcome::stopped, nullptr}; });
  }
  bool idle() const noexcept { return jobs_.idle(); }

 private:
  // One encoded form.
  struct encoding {
    void run(generation const& g, std::atomic<bool> const& stop) noexcept {
      result = forms->get(of, coding, g.content, stop);
    }
    void take_over(encoding const& done) noexcept { result = done.result; }
    bool is_like(generation const&, encoding const& other, generation const&) const noexcept {
      return coding == other.coding && of == other.of;
    }
    std::size_t size_max() const noexcept { return encoded_size_max(of.size); }

    encoded_forms* forms = nullptr;
    file_content of;
    content_coding coding = content_coding::identity;
    encoding_result result;
  };
  using jobs = generation_jobs<Proactor, encoding, 8>;

  // When memory is short, nothing is begun for so long.
  static constexpr std::chrono::seconds pause{1};
  // Of the pool's memory, so much may wait for outcomes.
  static constexpr std::size_t share_of_pool = 8;

  void start(typename jobs::job& j, generation& g, content_coding coding) noexcept {
    std::size_t const size_max = encoded_size_max(g.content.size());
    if (reserved_ + size_max > pool_.bytes_max() / share_of_pool) return;
    try {
      j.work = {.forms = forms_,
                .of = {g.known_as->path, g.entity_tag, g.content.size()},
                .coding = coding,
                .result = {}};
    } catch (std::bad_alloc const&) {
      return wait_for_memory();
    }
    if (!pool_.set_aside(size_max)) return wait_for_memory();
    reserved_ += size_max;
    g.in_making.add(coding);
    if (auto form = forms_->find(j.work.of, coding)) {
      j.work.result = {form->outcome(), form};
      jobs_.finish(j, g);
    } else {
      jobs_.start(j, g);
    }
  }

  void on_done(encoding& e, generation& g) noexcept {
    reserved_ -= e.size_max();
    pool_.give_back(e.size_max());
    g.in_making.remove(e.coding);
    switch (e.result.outcome) {
      case encoding_outcome::encoded:
        complete(g, e.result.form, e.coding);
        break;
      case encoding_outcome::too_long:
        give_up(g);
        keep_reason(g, e.result.form);
        break;
      case encoding_outcome::no_memory:
        wait_for_memory();
        break;
      case encoding_outcome::stopped:
        break;
    }
  }
  void wait_for_memory() noexcept { pause_until_ = proactor_.now() + pause; }

  void complete(generation& g, std::shared_ptr<encoded_form const> const& form,
                content_coding coding) noexcept {
    generation* const made = cache_.make_encoded(form, coding);
    if (made == nullptr) return wait_for_memory();
    made->media_type = g.media_type;
    made->status = g.status;
    made->last_modified = g.last_modified;
    made->head = representation_head(made->fields());
    if (cache_.add_variant(g, *made)) {
      g.encodable.remove(coding);
    } else {
      give_up(g);
    }
    cache_.release(*made);
  }
  // What one coding does not make smaller the others do not either.
  static void give_up(generation& g) noexcept {
    g.encodable = {};
    g.head = representation_head(g.fields());
  }
  // As long as it is held no worker tries again.
  static void keep_reason(generation& g,
                          std::shared_ptr<encoded_form const> const& reason) noexcept {
    g.form = reason;
  }

  Proactor& proactor_;
  page_pool& pool_;
  file_cache<Proactor>& cache_;
  encoded_forms* forms_;
  coding_set codings_;
  std::size_t reserved_ = 0;  // Bytes set aside for outcomes.
  io::instant pause_until_ = never;
  bool stopping_ = false;
  jobs jobs_;
};

}  // namespace quire::server
