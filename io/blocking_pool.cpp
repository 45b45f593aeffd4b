#include <quire/io/blocking_pool.hpp>

#include <new>
#include <system_error>

namespace quire::io {

void blocking_pool::stop() noexcept {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
  }
  work_arrived_.notify_all();
  for (std::thread& t : threads_) t.join();
  threads_.clear();
}

error blocking_pool::open(unsigned threads, unsigned calls_max, thread_priority p) noexcept {
  tickets_ = calls_max;
  try {
    threads_.reserve(threads);
    while (threads_.size() != threads) {
      threads_.emplace_back([this, p] {
        set_priority_of_this_thread(p);
        work();
      });
    }
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  } catch (std::system_error const&) {
    return error::no_memory;
  }
  return error::none;
}

void blocking_pool::submit(blocking_call& call, blocking_call::function run) noexcept {
  call.run_ = run;
  waiting_.push(call);
}

bool blocking_pool::cancel(blocking_call& call) noexcept {
  if (waiting_.remove(call)) return true;
  std::lock_guard const lock(mutex_);
  if (!handed_over_.remove(call)) return false;
  ++tickets_;
  return true;
}

void blocking_pool::start() noexcept {
  if (waiting_.empty()) return;
  unsigned count = 0;
  {
    std::lock_guard const lock(mutex_);
    for (; tickets_ != 0 && !waiting_.empty(); --tickets_, ++count) {
      handed_over_.push(waiting_.pop());
    }
  }
  if (count == 1) {
    work_arrived_.notify_one();
  } else if (count != 0) {
    work_arrived_.notify_all();
  }
}

void blocking_pool::work() noexcept {
  std::unique_lock lock(mutex_);
  for (;;) {
    work_arrived_.wait(lock, [this] { return stopping_ || !handed_over_.empty(); });
    if (stopping_) return;
    auto& call = static_cast<blocking_call&>(handed_over_.pop());
    lock.unlock();
    call.run_(call);
    lock.lock();
    ++tickets_;
    lock.unlock();
    // Not under the lock: the loop, woken, may have this processor at once.
    hand_back_(loop_, call);
    lock.lock();
  }
}

}  // namespace quire::io
