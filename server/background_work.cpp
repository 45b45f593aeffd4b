#include <quire/server/background_work.hpp>

#include <algorithm>
#include <utility>

namespace quire::server {

void background_work::list::push(background_job& job) noexcept {
  job.next_ = nullptr;
  (last != nullptr ? last->next_ : first) = &job;
  last = &job;
}

background_job* background_work::list::pop() noexcept {
  background_job* const job = first;
  if (job == nullptr) return nullptr;
  first = std::exchange(job->next_, nullptr);
  if (first == nullptr) last = nullptr;
  return job;
}

background_work::background_work(unsigned threads, io::thread_priority p) : threads_(threads) {
  for (thread_state& t : threads_) t.thread = std::thread([this, &t, p] { work(t, p); });
}

background_work::~background_work() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
  }
  arrived_.notify_all();
  for (thread_state& t : threads_) t.thread.join();
}

void background_work::submit(background_job& job) noexcept {
  job.stop_.store(false, std::memory_order_relaxed);
  {
    std::lock_guard const lock(mutex_);
    waiting_.push(job);
  }
  arrived_.notify_one();
}

bool background_work::cancel(background_job& job) noexcept {
  std::lock_guard const lock(mutex_);
  job.stop_.store(true, std::memory_order_relaxed);
  bool found = false;
  list others;
  while (background_job* const j = waiting_.pop()) {
    if (j == &job) {
      found = true;
    } else {
      others.push(*j);
    }
  }
  waiting_ = others;
  return found;
}

bool background_work::carry_out_next() noexcept {
  background_job* job = nullptr;
  {
    std::lock_guard const lock(mutex_);
    job = take_first();
  }
  if (job != nullptr) carry_out(*job, nullptr);
  return job != nullptr;
}

bool background_work::has_waiting() noexcept {
  std::lock_guard const lock(mutex_);
  return waiting_.first != nullptr;
}

void background_work::leave(void const* owner) noexcept {
  std::unique_lock lock(mutex_);
  left_.wait(lock, [&] {
    return std::none_of(threads_.begin(), threads_.end(),
                        [owner](thread_state const& t) { return t.finishing == owner; });
  });
}

background_job* background_work::take_first() noexcept {
  background_job* found = nullptr;
  list others;
  while (background_job* const j = waiting_.pop()) {
    if (found == nullptr && !is_like_one_that_runs(*j)) {
      found = j;
    } else {
      others.push(*j);
    }
  }
  waiting_ = others;
  return found;
}

bool background_work::is_like_one_that_runs(background_job const& job) const noexcept {
  return std::any_of(threads_.begin(), threads_.end(), [&job](thread_state const& t) {
    return t.running != nullptr && job.is_like(*t.running);
  });
}

background_work::list background_work::take_like(background_job const& job) noexcept {
  list alike;
  list others;
  while (background_job* const j = waiting_.pop()) (j->is_like(job) ? alike : others).push(*j);
  waiting_ = others;
  return alike;
}

void background_work::carry_out(background_job& job, thread_state* self) noexcept {
  job.run();
  list alike;
  {
    std::lock_guard const lock(mutex_);
    alike = take_like(job);
    if (self != nullptr) self->running = nullptr;
  }
  while (background_job* const j = alike.pop()) {
    j->take_over(job);
    finish(*j, self);
  }
  finish(job, self);
}

void background_work::finish(background_job& job, thread_state* self) noexcept {
  if (self == nullptr) return job.finish();
  {
    std::lock_guard const lock(mutex_);
    self->finishing = job.owner_;
  }
  job.finish();
  {
    std::lock_guard const lock(mutex_);
    self->finishing = nullptr;
  }
  left_.notify_all();
}

void background_work::work(thread_state& self, io::thread_priority p) noexcept {
  io::set_priority_of_this_thread(p);
  for (;;) {
    background_job* job = nullptr;
    {
      std::unique_lock lock(mutex_);
      arrived_.wait(lock, [&] { return (job = take_first()) != nullptr || stopping_; });
      if (job == nullptr) return;
      self.running = job;
    }
    carry_out(*job, &self);
  }
}

}  // namespace quire::server
