// Threads for work that takes a processor for long: one set of them for all workers of a process.
//
// Jobs are carried out in the order of submission. Jobs that are alike, which several workers
// submit for the same file, are carried out once: those that are submitted before one of them has
// run wait for it, and take over its outcome. With no threads a job is carried out when somebody
// calls carry_out_next(). Nothing is allocated after construction; the lock is held for a few
// steps.
#pragma once

#include <quire/io/thread_priority.hpp>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace quire::server {

// Owned by who submits it; stays where it is until finish() was called.
class background_job {
 public:
  // Whose it is: a worker.
  explicit background_job(void const* owner) noexcept : owner_(owner) {}
  background_job(background_job const&) = delete;
  background_job& operator=(background_job const&) = delete;
  virtual ~background_job() = default;

  // Called by one of the threads, each once for each submission: run() or take_over(), then
  // finish().
  virtual void run() noexcept = 0;
  // The outcome of a job that is_like() this one.
  virtual void take_over(background_job const& done) noexcept = 0;
  // Hands the job back to its owner. From then on nobody else touches it.
  virtual void finish() noexcept = 0;
  // Called under the lock, for jobs that wait or are being run: looks at what does not change
  // meanwhile. Symmetrical and transitive.
  virtual bool is_like(background_job const& other) const noexcept = 0;

 protected:
  // run() is no longer needed: it is to return soon, whatever the outcome.
  std::atomic<bool> const& stop() const noexcept { return stop_; }

 private:
  friend class background_work;
  void const* owner_;
  background_job* next_ = nullptr;
  std::atomic<bool> stop_ = false;
};

class background_work {
 public:
  // Throws std::system_error when the system gives no thread.
  background_work(unsigned threads, io::thread_priority p);
  // Requires: no job is submitted that is not finished.
  ~background_work();
  background_work(background_work const&) = delete;
  background_work& operator=(background_work const&) = delete;

  // Any thread.
  void submit(background_job& job) noexcept;
  // True when the job will neither be run nor finished; false when it is being run, or taken over,
  // and told to stop. For the owner, between submit() and finish().
  [[nodiscard]] bool cancel(background_job& job) noexcept;
  // Carries out the job that has waited longest, and those that are like it. False when none waits.
  // For who has no threads, and says when such work is done.
  bool carry_out_next() noexcept;
  // Any thread.
  [[nodiscard]] bool has_waiting() noexcept;
  // Waits until no thread is in finish() of a job of this owner, whose jobs are all finished: what
  // finish() needs may go after that.
  void leave(void const* owner) noexcept;

 private:
  struct list {
    background_job* first = nullptr;
    background_job* last = nullptr;
    void push(background_job& job) noexcept;
    background_job* pop() noexcept;
  };
  struct thread_state {
    std::thread thread;
    background_job const* running = nullptr;  // The job in run().
    void const* finishing = nullptr;          // The owner of the job in finish().
  };

  void work(thread_state& self, io::thread_priority p) noexcept;
  void carry_out(background_job& job, thread_state* self) noexcept;
  void finish(background_job& job, thread_state* self) noexcept;
  // Requires, of these three: the lock is held. The first in the queue that is like none that is
  // being run, taken out of it; nullptr: there is none.
  background_job* take_first() noexcept;
  bool is_like_one_that_runs(background_job const& job) const noexcept;
  // Takes those out of the queue that are alike.
  list take_like(background_job const& job) noexcept;

  std::mutex mutex_;
  std::condition_variable arrived_;
  std::condition_variable left_;
  list waiting_;
  bool stopping_ = false;
  std::vector<thread_state> threads_;
};

}  // namespace quire::server
