#include <quire/io/iocp/shared_listeners.hpp>

#include <algorithm>
#include <chrono>
#include <memory>
#include <mutex>
#include <new>
#include <system_error>
#include <thread>
#include <vector>

namespace quire::io::iocp::shared_listeners {
namespace {

// An acceptor with its port and its thread.
class group {
 public:
  error open(endpoint const& where, listen_options const& how) noexcept {
    if (error const e = port_.open(); e != error::none) return e;
    if (error const e = accepts_.open(where, how); e != error::none) return e;
    try {
      thread_ = std::thread([this] { run(); });
    } catch (std::system_error const&) {
      accepts_.close();
      run();
      return error::no_memory;
    }
    return error::none;
  }
  acceptor& accepts() noexcept { return accepts_; }
  void close() noexcept {
    accepts_.close();
    port_.post(source::wake, nullptr);
  }
  void join() noexcept { thread_.join(); }

 private:
  void run() noexcept {
    ready_list unused;  // All goes to the ports of the listeners.
    while (!accepts_.finished()) {
      port_.wait(std::chrono::nanoseconds::max());
      for (packet p; port_.next(p);) {
        if (p.key == source::acceptor) accepts_.came(p.subject, unused);
      }
    }
  }

  port port_;
  acceptor accepts_{port_, acceptor::delivery::posted};
  std::thread thread_;
};

struct registry {
  std::mutex mutex;
  std::vector<std::unique_ptr<group>> groups;
};

registry& all() noexcept {
  static registry r;
  return r;
}

}  // namespace

error listen(listener& l, endpoint const& where, listen_options const& how,
             acceptor*& joined) noexcept {
  registry& r = all();
  std::lock_guard const lock(r.mutex);
  auto const found = std::find_if(r.groups.begin(), r.groups.end(),
                                  [&](auto const& g) { return g->accepts().where() == where; });
  if (found != r.groups.end()) {
    if (how.sole) return error::address_in_use;
    joined = &(*found)->accepts();
    return joined->add(l);
  }
  try {
    auto g = std::make_unique<group>();
    r.groups.reserve(r.groups.size() + 1);
    if (error const e = g->accepts().add(l); e != error::none) return e;
    if (error const e = g->open(where, how); e != error::none) return e;
    joined = &g->accepts();
    r.groups.push_back(std::move(g));
  } catch (std::bad_alloc const&) {
    return error::no_memory;
  }
  return error::none;
}

void leave(listener& l, acceptor& joined) noexcept {
  std::unique_ptr<group> last;
  {
    registry& r = all();
    std::lock_guard const lock(r.mutex);
    if (!joined.remove(l)) return;
    auto const found = std::find_if(r.groups.begin(), r.groups.end(),
                                    [&](auto const& g) { return &g->accepts() == &joined; });
    last = std::move(*found);
    r.groups.erase(found);
    last->close();  // Under the lock: whoever listens next finds the address free.
  }
  last->join();
}

}  // namespace quire::io::iocp::shared_listeners
