// A few threads for calls that have no asynchronous form, or that would wait for a disk (clause
// 18).
//
// A limiter hands out tickets: at most `calls_max` calls are with the threads, the others wait in
// the order of submission. Calls cross to the threads in a list under a lock that is taken once for
// a batch. No thread holds the lock while it does anything that takes long, or that may have another
// one take its processor: so threads that run when nobody else wants to keep nobody waiting. Nothing
// is allocated after construction.
//
// submit(), cancel() and start() belong to the loop's thread.
#pragma once

#include <quire/io/ready_list.hpp>
#include <quire/io/thread_priority.hpp>

#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

namespace quire::io {

// An operation that a thread carries out: run_ is called there and states the outcome by finish().
class blocking_call : public operation {
 public:
  using function = void (*)(blocking_call&) noexcept;

 private:
  friend class blocking_pool;
  function run_ = nullptr;
};

class blocking_pool {
 public:
  // Gives the loop a call that has ended. Called by the threads.
  using hand_back = void (*)(void* loop, operation& call) noexcept;

  blocking_pool(hand_back h, void* loop) noexcept : hand_back_(h), loop_(loop) {}
  ~blocking_pool() { stop(); }
  blocking_pool(blocking_pool const&) = delete;
  blocking_pool& operator=(blocking_pool const&) = delete;

  // Starts the threads. Errors: no_memory when the system gives none.
  [[nodiscard]] error open(unsigned threads, unsigned calls_max,
                           thread_priority p = thread_priority::normal) noexcept;

  // Waits for the calls that are being carried out and ends the threads. What has not begun never
  // will.
  void stop() noexcept;

  // Takes a submitted operation, to be carried out by `run`.
  void submit(blocking_call& call, blocking_call::function run) noexcept;

  // True when the call has not begun and never will; false when it runs or has ended.
  [[nodiscard]] bool cancel(blocking_call& call) noexcept;

  // Hands the calls submitted since the last time to the threads, as far as there are tickets.
  // Once a turn, before waiting.
  void start() noexcept;

 private:
  void work() noexcept;

  operation_list waiting_;  // The loop's.
  hand_back hand_back_;
  void* loop_;

  // Under the lock.
  std::mutex mutex_;
  std::condition_variable work_arrived_;
  operation_list handed_over_;
  unsigned tickets_ = 0;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace quire::io
