// A worker: one thread, one loop, its listeners and its connections. Workers share nothing but the
// listening address (SO_REUSEPORT), the access log's thread, and what is done beside their loops
// (background_threads).
#pragma once

#include <quire/io/proactor.hpp>
#include <quire/server/exchange.hpp>
#include <quire/server/object_pool.hpp>
#include <quire/server/services.hpp>
#include <quire/server/transfer.hpp>

#include <atomic>
#include <chrono>
#include <memory>
#include <utility>
#include <vector>

namespace quire::server {

template <io::proactor Proactor>
class connection;

// What went wrong when a worker was to start: with which of the listening addresses, or the root.
struct start_failure {
  io::error error = io::error::none;
  enum class what : std::uint8_t { none, loop, root, listen } where = what::none;
  std::size_t listener = 0;
};

struct worker_options {
  settings const& configuration;
  std::size_t worker_count = 1;
  access_log::channel* log = nullptr;  // nullptr: no access log.
  // The first worker of a process refuses a port where another process listens; the others share
  // it.
  bool is_first = true;
  date_clock::time_of_day time_of_day = &date_clock::system_time;
  background_threads threads = {};  // They outlive it.
};

template <io::proactor Proactor>
class worker {
 public:
  // On the thread that will run it. `listen` is updated with the ports that were chosen. The
  // proactor and its pool outlive the worker.
  worker(Proactor& proactor, page_pool& pool, worker_options const& options,
         std::vector<io::endpoint>& listen, start_failure& failure);
  ~worker();
  worker(worker const&) = delete;
  worker& operator=(worker const&) = delete;

  // Serves until drain() and the end of the last connection, or the drain time-out.
  void run() noexcept {
    start();
    while (busy()) proactor_.run_once(io::wait::yes);
  }
  // The parts of run(), for who drives the loop: from now on connections are accepted.
  void start() noexcept;
  // True until the worker has drained.
  bool busy() noexcept;
  // From any thread: no new connections; those that are idle end.
  // Requires: the worker outlives the call, which may return after run() has.
  void drain() noexcept {
    if (!drain_asked_.exchange(true)) proactor_.post(drain_post_);
  }

  services<Proactor>& shared() noexcept { return services_; }
  // nullptr when memory is short.
  exchange<Proactor>* make_exchange() noexcept {
    if (spare_exchanges_ == nullptr) return exchanges_.make(services_);
    return std::exchange(spare_exchanges_, spare_exchanges_->next_spare);
  }
  void destroy_exchange(exchange<Proactor>* e) noexcept { exchanges_.destroy(e); }
  // Instead of destroying one that was renewed: to make one costs as much as to parse a request.
  void keep_exchange(exchange<Proactor>* e) noexcept {
    e->next_spare = std::exchange(spare_exchanges_, e);
  }
  // nullptr when memory is short.
  transfer<Proactor>* make_transfer(memory_file_body<Proactor> const& body,
                                    representation<Proactor>& held,
                                    std::unique_ptr<kept_record> logged,
                                    bool close_after) noexcept {
    return transfers_.make(body, held, std::move(logged), close_after);
  }
  void destroy_transfer(transfer<Proactor>* t) noexcept { transfers_.destroy(t); }
  // The connection's last act.
  void ended(connection<Proactor>& c) noexcept;

 private:
  struct acceptor {
    worker* owner = nullptr;
    typename Proactor::listener listener;
    typename Proactor::accept_operation accept;
    bool listening = false;
    void on_accepted() noexcept { owner->on_accepted(*this); }
  };

  // How long to wait when there are no descriptors left.
  static constexpr std::chrono::milliseconds accept_pause{100};
  // Beyond the limit so many more are told so; others are closed without a word.
  static constexpr std::size_t refused_max = 64;

  void on_accepted(acceptor& a) noexcept;
  void stop_listening(acceptor& a) noexcept;
  void admit(acceptor& a) noexcept;
  void on_pause_over() noexcept;
  void on_drain() noexcept;
  void on_drain_timeout() noexcept;
  void link(connection<Proactor>& c) noexcept;

  Proactor& proactor_;
  background_threads threads_;
  services<Proactor> services_;
  object_pool<exchange<Proactor>> exchanges_;
  exchange<Proactor>* spare_exchanges_ = nullptr;
  object_pool<transfer<Proactor>> transfers_;
  object_pool<connection<Proactor>> connections_;
  connection<Proactor>* first_ = nullptr;
  std::size_t connections_max_;
  std::size_t refused_ = 0;
  std::vector<std::unique_ptr<acceptor>> acceptors_;
  typename Proactor::timer pause_;
  typename Proactor::timer drain_timer_;
  typename Proactor::posted_operation drain_post_;
  std::atomic<bool> drain_asked_ = false;
};

}  // namespace quire::server

#include <quire/server/worker_impl.hpp>
