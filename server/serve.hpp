// `quire serve`: starts the workers, says where it listens, and stops when it is told to.
#pragma once

#include <quire/server/access_log.hpp>
#include <quire/server/process.hpp>
#include <quire/server/settings.hpp>
#include <quire/server/worker.hpp>

#include <fmt/format.h>

#include <future>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

namespace quire::server {

// One sentence on the standard error: what was asked, what is wrong, what would be right.
void say_start_failure(start_failure const& failure, settings const& s,
                       std::vector<io::endpoint> const& listen);
// The line that tells where it serves; before it, on the standard error, the note on the back end
// if there is one.
void say_listening(settings const& s, std::vector<io::endpoint> const& listen,
                   std::string_view back_end, std::size_t workers, std::string_view note);
// False, and a sentence said, when this process may not have the descriptors that it needs;
// otherwise the number of connections is made to fit.
bool fit_to_descriptor_limit(settings& s, std::size_t workers, bool connections_max_given);

// A thread with its worker in it.
template <io::proactor Proactor>
class worker_thread {
 public:
  // Returns when the worker listens or has failed.
  start_failure start(settings const& s, std::size_t worker_count, access_log::channel* log,
                      background_threads const& background, std::vector<io::endpoint>& listen,
                      bool is_first) {
    std::promise<start_failure> started;
    auto result = started.get_future();
    thread_ = std::thread([&, this, started = std::move(started)]() mutable {
      page_pool pool(s.memory_max / worker_count);
      start_failure failure;
      Proactor proactor(io::options{.pool = &pool}, failure.error);
      if (failure.error != io::error::none) {
        failure.where = start_failure::what::loop;
        return started.set_value(failure);
      }
      worker<Proactor> w(proactor, pool,
                         {.configuration = s,
                          .worker_count = worker_count,
                          .log = log,
                          .is_first = is_first,
                          .threads = background},
                         listen, failure);
      bool const usable = failure.error == io::error::none;
      worker_ = &w;
      started.set_value(failure);
      if (!usable) return;
      w.run();
      // The loop may end before the call that drained it has returned.
      drained_.get_future().wait();
    });
    return result.get();
  }
  // After a start that succeeded. Once.
  void drain() {
    worker_->drain();
    drained_.set_value();
  }
  void join() noexcept { thread_.join(); }

 private:
  worker<Proactor>* worker_ = nullptr;
  std::promise<void> drained_;
  std::thread thread_;
};

// Serves until the process is asked to stop. Returns the exit code. `note`: why this back end, for
// those who read the standard error; said once it serves.
template <io::proactor Proactor>
int serve(settings const& s, std::size_t worker_count, std::string_view note) {
  access_log log;
  bool const logging = s.access_log != "off" || s.error_log != "off";
  if (s.error_log != "off" && !log.open_error_log(s.error_log)) {
    fmt::print(stderr, "quire: cannot write the error log {}: {}\n", s.error_log,
               std::strerror(errno));
    return 1;
  }
  if (s.access_log != "off" && !log.open(s.access_log)) {
    fmt::print(stderr, "quire: cannot write the access log {}: {}\n", s.access_log,
               std::strerror(errno));
    return 1;
  }
  encoded_forms forms;
  // One thread, which takes what the others leave: a site is encoded once and served for long.
  background_work encoding(1, io::thread_priority::low);
  // For digests a client waits.
  background_work hashing(1, io::thread_priority::normal);
  background_threads const background{&encoding, &hashing, &forms};
  std::vector<io::endpoint> listen = s.listen;
  std::vector<std::unique_ptr<worker_thread<Proactor>>> threads;
  start_failure failure;
  for (std::size_t i = 0; i != worker_count && failure.error == io::error::none; ++i) {
    threads.push_back(std::make_unique<worker_thread<Proactor>>());
    failure = threads.back()->start(s, worker_count, logging ? &log.add_channel() : nullptr,
                                    background, listen, i == 0);
  }
  if (failure.error != io::error::none) {
    say_start_failure(failure, s, listen);
    threads.back()->join();
    threads.pop_back();
  } else {
    if (logging) log.start();
    say_listening(s, listen, Proactor::name, worker_count, note);
    process::wait_for_stop();
  }
  // A second request to stop does not wait for anything.
  std::thread impatient([] {
    process::wait_for_stop();
    process::end_now(1);
  });
  impatient.detach();
  for (auto& t : threads) t->drain();
  for (auto& t : threads) t->join();
  log.stop();
  return failure.error == io::error::none ? 0 : 1;
}

}  // namespace quire::server
