// The back end for tests: a whole world in one thread, with its own network, files and clock.
//
// Everything that happens follows from the settings' seed and from what the program does: the same
// seed gives the same run on every platform. Servers and clients are on the same loop. When all of
// them wait, the clock jumps to what happens next; otherwise a turn takes a little while.
//
// It allocates when connections are made and files are changed, and never per operation.
#pragma once

#include <quire/buffer/page_pool.hpp>
#include <quire/io/event_loop.hpp>
#include <quire/io/proactor.hpp>
#include <quire/io/semaphore.hpp>
#include <quire/io/sim/operations.hpp>
#include <quire/io/sim/settings.hpp>

#include <cstdio>
#include <deque>
#include <string>
#include <string_view>
#include <vector>

namespace quire::io::sim {

class proactor : public event_loop {
 public:
  static constexpr std::string_view name = "sim";

  using listener = sim::listener;
  using stream = sim::stream;
  using directory = sim::directory;
  using file = sim::file;
  using accept_operation = sim::accept_operation;
  using connect_operation = sim::connect_operation;
  using receive_operation = sim::receive_operation;
  using send_operation = sim::send_operation;
  using directory_operation = sim::directory_operation;
  using open_operation = sim::open_operation;
  using read_operation = sim::read_operation;
  using mapping = sim::mapping;
  using resident_operation = sim::resident_operation;
  using memory_file = sim::memory_file;
  using fill_operation = sim::fill_operation;
  using watch_operation = sim::watch_operation;
  using timer = io::timer;
  using posted_operation = io::posted_operation;

  proactor(options const& o, error& e) noexcept : proactor(o, settings{}, e) {}
  proactor(options const& o, settings const& s, error& e) noexcept;
  ~proactor();
  proactor(proactor const&) = delete;
  proactor& operator=(proactor const&) = delete;

  // The files of this world. open(directory, path) opens its top, whatever the path, unless the
  // path names something below it that is missing.
  file_tree& files() noexcept { return files_; }
  // Changes the faults from now on.
  void faults(sim::faults const& f) noexcept { settings_.faults = f; }

  // Nothing will ever happen unless another thread posts: run_once(wait::yes) would wait for ever.
  bool stuck() const noexcept { return ready_.empty() && timers_.empty() && kernel_.empty(); }
  // Sockets, files, mappings and memory files that are open.
  std::size_t open_count() const noexcept { return open_count_; }
  // Operations submitted so far: the range of settings::failing_operation.
  std::uint64_t operations() const noexcept { return operations_; }
  // A hash of all that has happened. Equal seeds, equal hashes.
  std::uint64_t trace_hash() const noexcept { return trace_hash_; }
  // From now on each outcome is also written as a line; nullptr ends it.
  void trace_to(std::FILE* out) noexcept { trace_ = out; }

  error listen(listener& l, endpoint const& where, listen_options const& how) noexcept;
  endpoint local_endpoint(listener const& l) const noexcept { return l.local_; }
  void close(listener& l) noexcept;
  void accept(listener& l, accept_operation& op) noexcept;
  error adopt(stream& s, accept_operation& op) noexcept;
  void discard(accept_operation& op) noexcept;

  void connect(stream& s, endpoint const& where, connect_operation& op) noexcept;
  void receive(stream& s, receive_operation& op, buffer& into) noexcept;
  void send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept;
  void send(stream& s, send_operation& op, std::span<const_span const> spans, memory_file const& f,
            std::uint64_t offset, std::uint64_t length) noexcept;
  void shutdown(stream& s) noexcept;
  void close(stream& s) noexcept;
  void abort(stream& s) noexcept;

  void open(directory& d, std::string_view path, error& e) noexcept;
  void open(directory& d, directory_operation& op, std::string_view path) noexcept;
  void open(directory& d, open_operation& op, std::string_view path,
            file_mode mode = file_mode::buffered) noexcept;
  void adopt(file& f, open_operation& op) noexcept;
  void discard(open_operation& op) noexcept;
  void read(file& f, read_operation& op, std::uint64_t offset,
            std::span<mutable_span const> spans) noexcept;
  error status(file& f, file_status& out) noexcept;
  error map(mapping& m, file& f) noexcept;
  void make_resident(mapping& m, resident_operation& op, std::uint64_t offset,
                     std::uint64_t length) noexcept;
  error make(memory_file& m, std::uint64_t size) noexcept;
  void fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
            std::uint64_t length) noexcept;
  void seal(memory_file& m, fill_operation& op) noexcept;
  void close(memory_file& m) noexcept;
  void await_writers(file& f, open_operation& op) noexcept;
  void watch(directory& d, watch_operation& op, std::string_view path) noexcept;
  void unwatch(int number) noexcept;
  bool next_notice(change_notice& out) noexcept;
  void close(file& f) noexcept;
  void close(directory& d) noexcept { d.node_ = nullptr; }
  void close(mapping& m) noexcept;

  using event_loop::cancel;  // Of a timer.
  void cancel(accept_operation& op) noexcept;
  void cancel(connect_operation& op) noexcept;
  void cancel(receive_operation& op) noexcept;
  void cancel(send_operation& op) noexcept;
  void cancel(directory_operation& op) noexcept { cancel_delayed(op, "root"); }
  void cancel(open_operation& op) noexcept { cancel_delayed(op, "open"); }
  void cancel(read_operation& op) noexcept { cancel_delayed(op, "read"); }
  void cancel(resident_operation& op) noexcept { cancel_delayed(op, "fault"); }
  void cancel(fill_operation& op) noexcept { cancel_delayed(op, "fill"); }
  void cancel(watch_operation& op) noexcept { cancel_delayed(op, "watch"); }

  std::size_t run_once(wait w) noexcept;

 private:
  friend struct socket;
  friend connect_operation;
  friend receive_operation;
  friend send_operation;
  friend directory_operation;
  friend open_operation;
  friend read_operation;
  friend resident_operation;
  friend fill_operation;
  friend watch_operation;

  // True in `rate` of 1,024 cases.
  bool chance(std::uint16_t rate) noexcept;
  // Counts an operation; true when it is the one that is to fail, or fails by chance.
  bool strikes(std::uint16_t rate) noexcept;
  instant some_delay() noexcept;
  // Submits and counts.
  void begin(delayed_operation& op) noexcept;
  // True when the operation goes on later.
  bool delay(delayed_operation& op, std::uint16_t rate) noexcept;
  void finish(operation& op, char const* what, std::uint64_t id, error e,
              std::size_t n = 0) noexcept;
  // Of an operation that waits only for its delay.
  void cancel_delayed(delayed_operation& op, char const* what) noexcept;
  // True when the cancel takes effect at once; else the operation goes on for a while.
  bool cancel_wins(delayed_operation& op) noexcept;

  void advance_clock() noexcept;

  void establish(connect_operation& op) noexcept;
  void due(receive_operation& op) noexcept;
  void due(send_operation& op) noexcept;
  error open_now(directory& d, std::string_view path) noexcept;
  void carry_out(directory_operation& op) noexcept;
  void carry_out(open_operation& op) noexcept;
  void look_for_writers(open_operation& op) noexcept;
  void carry_out(read_operation& op) noexcept;
  void carry_out(resident_operation& op) noexcept;
  void carry_out(fill_operation& op) noexcept;
  void carry_out(watch_operation& op) noexcept;
  void tell(node& at, std::string_view changed, change what);
  // By chance a file loses its end.
  void may_shrink(node& n) noexcept;

  listener* find(endpoint const& where) noexcept;
  void try_accept(listener& l) noexcept;
  void try_receive(stream& s) noexcept;
  void start(stream& s, send_operation& op) noexcept;
  void try_send(stream& s) noexcept;
  void finish_receive(stream& s, error e, std::size_t n) noexcept;
  void finish_send(stream& s, error e, std::size_t n) noexcept;
  // Something is on its way to this end.
  void on_the_way(socket& to) noexcept;
  void arrived(socket& at) noexcept;
  // The connection breaks, for both ends.
  void break_connection(socket& s) noexcept;
  void forget(socket& s, bool reset) noexcept;

  settings settings_;
  page_pool* pages_;
  random_source random_;
  file_tree files_;
  struct watched {
    int number;
    std::shared_ptr<node> directory;
  };
  std::vector<watched> watches_;
  int watches_made_ = 0;
  struct told_change {
    int watch = -1;
    change what = change::lost;
    std::string name;
  };
  std::deque<told_change> told_;  // And not taken.
  told_change taken_;             // The last one.
  timer_queue kernel_;            // What the world does, and when.
  std::vector<listener*> listeners_;
  semaphore posted_;
  std::uint16_t next_port_ = 49152;
  std::uint64_t sockets_made_ = 0;
  std::uint64_t operations_ = 0;
  std::size_t open_count_ = 0;
  std::uint64_t trace_hash_ = 0;
  std::FILE* trace_ = nullptr;
};

static_assert(io::proactor<proactor>);

}  // namespace quire::io::sim
