// The back end on Linux's io_uring (6.1 and later). The contract is in contract.hpp, the concept in
// proactor.hpp.
//
// All that a turn starts goes to the kernel in one call, which also waits and brings the outcomes.
// Accepting is one request for as long as the listener lives; receives that find bytes take a page of a
// ring that all streams share. Opening files is left to the blocking pool, as on epoll.
#pragma once

#include <quire/io/blocking_pool.hpp>
#include <quire/io/event_loop.hpp>
#include <quire/io/posix/files.hpp>
#include <quire/io/posix/mapping.hpp>
#include <quire/io/posix/memory_file.hpp>
#include <quire/io/posix/notices.hpp>
#include <quire/io/proactor.hpp>
#include <quire/io/uring/page_ring.hpp>
#include <quire/io/uring/ring.hpp>
#include <quire/io/uring/stream.hpp>

#include <string_view>
#include <vector>

namespace quire::io::uring {

class proactor : public event_loop {
 public:
  static constexpr std::string_view name = "uring";

  using listener = uring::listener;
  using stream = uring::stream;
  using directory = posix::directory;
  using file = posix::file;
  using accept_operation = uring::accept_operation;
  using connect_operation = uring::connect_operation;
  using receive_operation = uring::receive_operation;
  using send_operation = uring::send_operation;
  using directory_operation = posix::directory_operation;
  using open_operation = posix::open_operation;
  using read_operation = uring::read_operation;
  using mapping = posix::mapping;
  using resident_operation = posix::resident_operation;
  using memory_file = posix::memory_file;
  using fill_operation = posix::fill_operation;
  using watch_operation = posix::watch_operation;
  using timer = io::timer;
  using posted_operation = io::posted_operation;

  // May be made by another thread than the one that calls run_once(), which is always the same.
  proactor(options const& o, error& e) noexcept;
  ~proactor();
  proactor(proactor const&) = delete;
  proactor& operator=(proactor const&) = delete;

  error listen(listener& l, endpoint const& where, listen_options const& how) noexcept;
  endpoint local_endpoint(listener const& l) const noexcept;
  void close(listener& l) noexcept;
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
  void adopt(file& f, open_operation& op) noexcept;
  void discard(open_operation& op) noexcept { files_.discard(op); }
  void read(file& f, read_operation& op, std::uint64_t offset,
            std::span<mutable_span const> spans) noexcept;
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
  void cancel(connect_operation& op) noexcept { cancel_in_kernel(op); }
  void cancel(receive_operation& op) noexcept { cancel_in_kernel(op); }
  void cancel(send_operation& op) noexcept { cancel_in_kernel(op); }
  void cancel(directory_operation& op) noexcept { files_.cancel(op); }
  void cancel(open_operation& op) noexcept { files_.cancel(op); }
  void cancel(resident_operation& op) noexcept { files_.cancel(op); }
  void cancel(fill_operation& op) noexcept { files_.cancel(op); }
  void cancel(watch_operation& op) noexcept { files_.cancel(op); }
  void cancel(read_operation& op) noexcept { cancel_in_kernel(op); }

  void post(posted_operation& op) noexcept;

  std::size_t run_once(wait w) noexcept;

 private:
  error open(options const& o) noexcept;
  void wake() noexcept;
  void arm_wake() noexcept;
  void handle(io_uring_cqe const& c) noexcept;
  io_uring_sqe& entry_for(operation& op, unsigned char opcode, int descriptor) noexcept;
  void cancel_in_kernel(operation& op) noexcept;

  void arm(listener& l) noexcept;
  void accepted(std::uint64_t number, int result, bool more) noexcept;
  void hand_over(accept_operation& op, int descriptor) noexcept;
  void start_receive(receive_operation& op) noexcept;
  void received(receive_operation& op, io_uring_cqe const& c) noexcept;
  void try_send_part(send_operation& op) noexcept;
  void connected(connect_operation& op, int result) noexcept;
  void start_read(read_operation& op) noexcept;
  void read_came(read_operation& op, int result) noexcept;

  page_pool* pool_;
  ring ring_;
  page_ring pages_;
  std::vector<listener*> listeners_;
  std::uint64_t accepts_ = 0;
  int wake_ = -1;
  blocking_pool blocking_;
  posix::files files_;
  posix::mappings mappings_{ready_, blocking_};
  posix::memory_files memory_files_{ready_, blocking_};
  posix::notices notices_{ready_, blocking_};
};

static_assert(io::proactor<proactor>);

}  // namespace quire::io::uring
