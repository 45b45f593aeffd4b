// What benches share: a stop watch of CPU and wall time, a loop with its pool, and a thread on
// another core.
#pragma once

#include <quire/buffer/page_pool.hpp>
#include <quire/io/proactor.hpp>

#include "bench/io/machine.hpp"

#include <chrono>
#include <cstddef>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>

namespace quire::bench {

// The measured thread has the first core, what works against it the second.
inline constexpr unsigned measured_core = 0;
inline constexpr unsigned other_core = 1;

class stop_watch {
 public:
  using clock = std::chrono::steady_clock;

  stop_watch() { start(); }
  void start() {
    wall_ = clock::now();
    process_ = process_cpu_time();
    thread_ = thread_cpu_time();
  }
  void stop() {
    thread_ = thread_cpu_time() - thread_;
    process_ = process_cpu_time() - process_;
    elapsed_ = clock::now() - wall_;
  }

  // Nanoseconds for each of n operations.
  double thread_ns(std::size_t n) const { return per(thread_, n); }
  double process_ns(std::size_t n) const { return per(process_, n); }
  double wall_ns(std::size_t n) const { return per(elapsed_, n); }
  // Operations in a second.
  double rate(std::size_t n) const { return 1e9 / wall_ns(n); }

 private:
  static double per(std::chrono::nanoseconds t, std::size_t n) {
    return static_cast<double>(t.count()) / static_cast<double>(n);
  }
  clock::time_point wall_;
  std::chrono::nanoseconds elapsed_{};
  std::chrono::nanoseconds thread_{};
  std::chrono::nanoseconds process_{};
};

inline void require(bool good, char const* otherwise) {
  if (!good) throw std::runtime_error(otherwise);
}
inline void require(io::error e, char const* what) {
  if (e != io::error::none) {
    throw std::runtime_error(std::string(what) + ": " + std::string(io::message(e)));
  }
}

inline io::endpoint loopback() {
  io::endpoint e;
  e.address = {127, 0, 0, 1};
  return e;
}

template <io::proactor P>
class loop {
 public:
  explicit loop(std::size_t pool_bytes = std::size_t{64} << 20)
      : pool(pool_bytes), p({.pool = &pool, .blocking_threads = 1}, opened_) {
    require(opened_, "cannot make a loop");
  }

  template <class Done>
  void run_until(Done done) {
    while (!done()) p.run_once(io::wait::yes);
  }

  page_pool pool;

 private:
  io::error opened_ = io::error::other;

 public:
  P p;
};

// A thread on the other core; joined at the end of its life. What it throws ends the program.
template <class Function>
std::jthread beside(Function f) {
  return std::jthread([f = std::move(f)]() mutable {
    pin_to_core(other_core);
    f();
  });
}

}  // namespace quire::bench
