// What the loops of real systems do with files: an event loop with a pool of threads, and what it
// opens, reads, maps, fills and watches by them. A back end derives from it, and puts its own in
// the place of what its system does better.
//
// System: the types of a platform, which are those that the concept wants of a back end, and the
// classes `files`, `mappings`, `memory_files` and `notices` that carry the operations out.
#pragma once

#include <quire/io/blocking_pool.hpp>
#include <quire/io/change_notice.hpp>
#include <quire/io/error.hpp>
#include <quire/io/event_loop.hpp>
#include <quire/io/file_mode.hpp>
#include <quire/io/file_status.hpp>

#include <cstdint>
#include <string_view>

namespace quire::io {

template <class System>
class file_loop : public event_loop {
 public:
  using directory = typename System::directory;
  using file = typename System::file;
  using directory_operation = typename System::directory_operation;
  using open_operation = typename System::open_operation;
  using mapping = typename System::mapping;
  using resident_operation = typename System::resident_operation;
  using memory_file = typename System::memory_file;
  using fill_operation = typename System::fill_operation;
  using watch_operation = typename System::watch_operation;
  using timer = io::timer;
  using posted_operation = io::posted_operation;

  file_loop(file_loop const&) = delete;
  file_loop& operator=(file_loop const&) = delete;

  void open(directory& d, std::string_view path, error& e) noexcept { e = files_.open(d, path); }
  void open(directory& d, directory_operation& op, std::string_view path) noexcept {
    files_.open(d, op, path);
  }
  void close(directory& d) noexcept { files_.close(d); }

  void open(directory& d, open_operation& op, std::string_view path,
            file_mode mode = file_mode::buffered) noexcept {
    files_.open(d, op, path, mode);
  }
  void adopt(file& f, open_operation& op) noexcept { files_.adopt(f, op); }
  void discard(open_operation& op) noexcept { files_.discard(op); }
  error status(file& f, file_status& out) noexcept { return files_.status(f, out); }
  void await_writers(file& f, open_operation& op) noexcept { files_.await_writers(f, op); }
  void close(file& f) noexcept { files_.close(f); }

  error map(mapping& m, file& f) noexcept { return mappings_.map(m, f); }
  void make_resident(mapping& m, resident_operation& op, std::uint64_t offset,
                     std::uint64_t length) noexcept {
    mappings_.make_resident(m, op, offset, length);
  }
  void close(mapping& m) noexcept { mappings_.close(m); }

  error make(memory_file& m, std::uint64_t size) noexcept { return memory_files_.make(m, size); }
  void fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
            std::uint64_t length) noexcept {
    memory_files_.fill(m, op, from, offset, length);
  }
  void seal(memory_file& m, fill_operation& op) noexcept { memory_files_.seal(m, op); }
  void close(memory_file& m) noexcept { memory_files_.close(m); }

  void watch(directory& d, watch_operation& op, std::string_view path) noexcept {
    notices_.watch(d, op, path);
  }
  void unwatch(int number) noexcept { notices_.unwatch(number); }
  bool next_notice(change_notice& out) noexcept { return notices_.next(out); }

  using event_loop::cancel;  // Of a timer.
  // Of all that the threads carry out: it completes with error::canceled unless one has begun it.
  void cancel(blocking_call& op) noexcept {
    if (op.idle()) return;
    if (blocking_.cancel(op) || copying_.cancel(op)) ready_.finish(op, error::canceled);
  }

 protected:
  using event_loop::event_loop;
  ~file_loop() = default;

  // The back end starts the threads, and stops them before anything that waking needs ends.
  // Errors: no_memory when the system gives none.
  [[nodiscard]] error start_threads(unsigned blocking, unsigned calls_max) noexcept {
    if (error const e = blocking_.open(blocking, calls_max); e != error::none) return e;
    return copying_.open(1, calls_max, thread_priority::idle);
  }
  void stop_threads() noexcept {
    blocking_.stop();
    copying_.stop();
  }
  // Once a turn, before waiting: hands the threads what has been submitted for them.
  void start_calls() noexcept {
    blocking_.start();
    copying_.start();
  }

 private:
  static void hand_back(void* self, operation& call) noexcept {
    static_cast<file_loop*>(self)->hand_over(call);
  }

  blocking_pool blocking_{hand_back, this};
  // Nobody waits for copies, and they are long: where processors are short, all others go first.
  blocking_pool copying_{hand_back, this};

 protected:
  typename System::files files_{ready_, blocking_};
  typename System::mappings mappings_{ready_, blocking_};
  typename System::memory_files memory_files_{ready_, blocking_, copying_};
  typename System::notices notices_{ready_, blocking_};
};

}  // namespace quire::io
