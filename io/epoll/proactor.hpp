// The back end on Linux's epoll. The contract is in contract.hpp, the concept in proactor.hpp.
//
// Every call is tried before anything waits, except where it is known to fail: a stream whose last
// receive came back short has nothing more until its next edge. A keep-alive request so costs its
// share of one epoll_wait, one receive and one send.
#pragma once

#include <quire/io/blocking_pool.hpp>
#include <quire/io/epoll/interest.hpp>
#include <quire/io/epoll/stream.hpp>
#include <quire/io/event_loop.hpp>
#include <quire/io/posix/files.hpp>
#include <quire/io/posix/mapping.hpp>
#include <quire/io/posix/memory_file.hpp>
#include <quire/io/posix/notices.hpp>
#include <quire/io/proactor.hpp>

#include <string_view>

namespace quire::io::epoll {

class proactor : public event_loop {
 public:
  static constexpr std::string_view name = "epoll";

  using listener = epoll::listener;
  using stream = epoll::stream;
  using directory = posix::directory;
  using file = posix::file;
  using accept_operation = epoll::accept_operation;
  using connect_operation = epoll::connect_operation;
  using receive_operation = epoll::receive_operation;
  using send_operation = epoll::send_operation;
  using directory_operation = posix::directory_operation;
  using open_operation = posix::open_operation;
  using read_operation = posix::read_operation;
  using mapping = posix::mapping;
  using resident_operation = posix::resident_operation;
  using memory_file = posix::memory_file;
  using fill_operation = posix::fill_operation;
  using watch_operation = posix::watch_operation;
  using timer = io::timer;
  using posted_operation = io::posted_operation;

  proactor(options const& o, error& e) noexcept;
  ~proactor();
  proactor(proactor const&) = delete;
  proactor& operator=(proactor const&) = delete;

  error listen(listener& l, endpoint const& where, listen_options const& how) noexcept;
  endpoint local_endpoint(listener const& l) const noexcept;
  void close(listener& l) noexcept;

  // Several accepts may wait on one listener. When no descriptor is left, each that waits completes
  // with too_many_open_files; submit it again after a pause, or when something was closed.
  void accept(listener& l, accept_operation& op) noexcept;
  error adopt(stream& s, accept_operation& op) noexcept;
  void discard(accept_operation& op) noexcept { op.take_connection().reset(); }

  void connect(stream& s, endpoint const& where, connect_operation& op) noexcept;
  void receive(stream& s, receive_operation& op, buffer& into) noexcept;
  void send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept;
  void send(stream& s, send_operation& op, std::span<const_span const> spans, memory_file const& f,
            std::uint64_t offset, std::uint64_t length) noexcept;
  void shutdown(stream& s) noexcept;
  void close(stream& s) noexcept;
  void abort(stream& s) noexcept;

  void open(directory& d, std::string_view path, error& e) noexcept { e = files_.open(d, path); }
  void open(directory& d, directory_operation& op, std::string_view path) noexcept {
    files_.open(d, op, path);
  }
  void open(directory& d, open_operation& op, std::string_view path,
            file_mode mode = file_mode::buffered) noexcept {
    files_.open(d, op, path, mode);
  }
  void adopt(file& f, open_operation& op) noexcept { files_.adopt(f, op); }
  void discard(open_operation& op) noexcept { files_.discard(op); }
  void read(file& f, read_operation& op, std::uint64_t offset,
            std::span<mutable_span const> spans) noexcept {
    files_.read(f, op, offset, spans);
  }
  error status(file& f, file_status& out) noexcept { return files_.status(f, out); }
  error map(mapping& m, file& f) noexcept { return mappings_.map(m, f); }
  void make_resident(mapping& m, resident_operation& op, std::uint64_t offset,
                     std::uint64_t length) noexcept {
    mappings_.make_resident(m, op, offset, length);
  }
  void await_writers(file& f, open_operation& op) noexcept { files_.await_writers(f, op); }
  void watch(directory& d, watch_operation& op, std::string_view path) noexcept {
    notices_.watch(d, op, path);
  }
  void unwatch(int number) noexcept { notices_.unwatch(number); }
  bool next_notice(change_notice& out) noexcept { return notices_.next(out); }
  void close(file& f) noexcept { files_.close(f); }
  void close(directory& d) noexcept { files_.close(d); }
  void close(mapping& m) noexcept { mappings_.close(m); }
  error make(memory_file& m, std::uint64_t size) noexcept { return memory_files_.make(m, size); }
  void fill(memory_file& m, fill_operation& op, file& from, std::uint64_t offset,
            std::uint64_t length) noexcept {
    memory_files_.fill(m, op, from, offset, length);
  }
  void seal(memory_file& m, fill_operation& op) noexcept { memory_files_.seal(m, op); }
  void close(memory_file& m) noexcept { memory_files_.close(m); }

  using event_loop::cancel;  // Of a timer.
  void cancel(accept_operation& op) noexcept {
    if (!op.idle() && op.listener_->waiting_.remove(op)) ready_.finish(op, error::canceled);
  }
  void cancel(connect_operation& op) noexcept;
  void cancel(receive_operation& op) noexcept;
  void cancel(send_operation& op) noexcept;
  void cancel(directory_operation& op) noexcept { files_.cancel(op); }
  void cancel(open_operation& op) noexcept { files_.cancel(op); }
  void cancel(resident_operation& op) noexcept { files_.cancel(op); }
  void cancel(fill_operation& op) noexcept { files_.cancel(op); }
  void cancel(watch_operation& op) noexcept { files_.cancel(op); }
  void cancel(read_operation& op) noexcept { files_.cancel(op); }

  void post(posted_operation& op) noexcept;

  std::size_t run_once(wait w) noexcept;

 private:
  error open(options const& o) noexcept;
  void wake() noexcept;
  void handle(epoll_event const& event) noexcept;
  void handle(stream& s, std::uint32_t events) noexcept;

  void try_accept(listener& l) noexcept;
  void try_receive(stream& s) noexcept;
  void try_send(stream& s) noexcept;
  void try_send_part(stream& s) noexcept;
  void finish_connect(stream& s, error result) noexcept;

  page_pool* pages_;
  interest interest_;
  int wake_ = -1;
  blocking_pool blocking_;
  posix::files files_;
  posix::mappings mappings_{ready_, blocking_};
  posix::memory_files memory_files_{ready_, blocking_};
  posix::notices notices_{ready_, blocking_};
};

static_assert(io::proactor<proactor>);

}  // namespace quire::io::epoll
