// Work on generations that is done beside the loop, of one worker: a few jobs at a time, each about
// one generation, which it holds until its outcome is there.
//
// Work is what a thread needs and makes: it has
//   void run(generation const& of, std::atomic<bool> const& stop) noexcept;   on a thread
//   void take_over(Work const& done) noexcept;                                the outcome of one that is alike
//   bool is_like(generation const& of, Work const& other, generation const& of_other) const noexcept;
// Nothing is allocated. Never waits on the loop.
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/server/background_work.hpp>
#include <quire/server/file_cache.hpp>

#include <algorithm>
#include <array>
#include <cassert>
#include <cstddef>
#include <utility>

namespace quire::server {

template <io::proactor Proactor, class Work, std::size_t Count>
class generation_jobs {
 public:
  using generation = representation<Proactor>;

  class job final : public background_job {
   public:
    explicit job(void const* worker) noexcept : background_job(worker) {
      done_.template bind<&job::on_done>(this);
    }

    Work work;

   private:
    friend class generation_jobs;

    // A thread: the generation is read.
    void run() noexcept override { work.run(*of_, stop()); }
    void take_over(background_job const& other) noexcept override {
      work.take_over(static_cast<job const&>(other).work);
    }
    bool is_like(background_job const& other) const noexcept override {
      auto const& like = static_cast<job const&>(other);
      return work.is_like(*of_, like.work, *like.of_);
    }
    void finish() noexcept override { owner_->proactor_.post(done_); }
    void on_done() noexcept { owner_->end(*this); }

    generation_jobs* owner_ = nullptr;
    generation* of_ = nullptr;  // What it is about; nullptr: it is not in use.
    typename Proactor::posted_operation done_;
  };

  // `work` carries the jobs out; nullptr: there are none. `worker`: whose they are
  // (background_work::leave).
  generation_jobs(Proactor& p, file_cache<Proactor>& cache, background_work* work,
                  void const* worker) noexcept
      : generation_jobs(p, cache, work, worker, std::make_index_sequence<Count>()) {}
  generation_jobs(generation_jobs const&) = delete;
  generation_jobs& operator=(generation_jobs const&) = delete;
  ~generation_jobs() { assert(idle()); }

  // (owner->*Member)(Work&, generation&) is called with each outcome, when the job has its place again for
  // another one; the generation stays until it returns.
  template <auto Member, class Owner>
  void bind(Owner* owner) noexcept {
    done_owner_ = owner;
    done_ = [](void* self, Work& work, generation& of) noexcept {
      (static_cast<Owner*>(self)->*Member)(work, of);
    };
  }

  bool can_work() const noexcept { return work_ != nullptr; }
  bool idle() const noexcept {
    return std::all_of(jobs_.begin(), jobs_.end(), [](job const& j) { return j.of_ == nullptr; });
  }
  template <class Condition>
  bool any(Condition condition) const noexcept {
    return std::any_of(jobs_.begin(), jobs_.end(),
                       [&](job const& j) { return j.of_ != nullptr && condition(j.work, *j.of_); });
  }
  // A place for a job; nullptr: all are taken.
  job* free_place() noexcept {
    auto const at =
        std::find_if(jobs_.begin(), jobs_.end(), [](job const& j) { return j.of_ == nullptr; });
    return at == jobs_.end() ? nullptr : &*at;
  }
  // Requires: j is a free place, and its work is ready.
  void start(job& j, generation& of) noexcept {
    cache_.retain(of);
    j.of_ = &of;
    work_->submit(j);
  }
  // The outcome is there already: its owner is told by the next turn of the loop. Requires: as
  // start().
  void finish(job& j, generation& of) noexcept {
    cache_.retain(of);
    j.of_ = &of;
    j.finish();
  }
  // What is under way ends soon: `never_run` is called with the work of what has not begun.
  template <class Function>
  void stop(Function never_run) noexcept {
    for (job& j : jobs_) {
      if (j.of_ == nullptr || !work_->cancel(j)) continue;
      never_run(j.work);
      j.finish();
    }
  }

 private:
  template <std::size_t... Index>
  generation_jobs(Proactor& p, file_cache<Proactor>& cache, background_work* work,
                  void const* worker, std::index_sequence<Index...>) noexcept
      : proactor_(p), cache_(cache), work_(work), jobs_{((void)Index, job(worker))...} {
    for (job& j : jobs_) j.owner_ = this;
  }

  void end(job& j) noexcept {
    generation& of = *std::exchange(j.of_, nullptr);
    Work work = std::move(j.work);  // Its place may be taken anew at once.
    done_(done_owner_, work, of);
    cache_.release(of);
  }

  Proactor& proactor_;
  file_cache<Proactor>& cache_;
  background_work* work_;
  void* done_owner_ = nullptr;
  void (*done_)(void*, Work&, generation&) noexcept = nullptr;
  std::array<job, Count> jobs_;
};

}  // namespace quire::server
