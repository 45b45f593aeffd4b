// A few threads for calls that have no asynchronous form, or that would wait for a disk (clause
// 18).
//
// A limiter hands out tickets: at most `calls_max` calls are with the threads, the others wait in
// the order of submission. Calls cross to the threads, and their outcomes back, in lists under one
// lock that is taken once for a batch. Nothing is allocated after construction.
//
// submit(), cancel(), start() and collect() belong to the loop's thread.
#pragma once

#include <quire/io/ready_list.hpp>

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
  // Wakes the loop, which is then to call collect(). Called by the threads.
  using wake = void (*)(void* loop) noexcept;

  blocking_pool(wake w, void* loop) noexcept : wake_(w), loop_(loop) {}
  ~blocking_pool() { stop(); }
  blocking_pool(blocking_pool const&) = delete;
  blocking_pool& operator=(blocking_pool const&) = delete;

  // Starts the threads. Errors: no_memory when the system gives none.
  [[nodiscard]] error open(unsigned threads, unsigned calls_max) noexcept;

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

  // Calls that have ended become ready; their tickets go to those that wait.
  void collect(ready_list& ready) noexcept;

 private:
  void work() noexcept;

  // The loop's.
  operation_list waiting_;
  unsigned tickets_ = 0;
  wake wake_;
  void* loop_;

  // Under the lock.
  std::mutex mutex_;
  std::condition_variable work_arrived_;
  operation_list handed_over_;
  operation_list ended_;
  unsigned ended_count_ = 0;
  bool stopping_ = false;

  std::vector<std::thread> threads_;
};

}  // namespace quire::io
