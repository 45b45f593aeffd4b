// The back end on Linux's io_uring (6.1 and later). The contract is in contract.hpp, the concept in
// proactor.hpp.
//
// All that a turn starts goes to the kernel in one call, which also waits and brings the outcomes.
// Accepting is one request for as long as the listener lives, receiving one for as long as the
// stream does; what comes takes pages of a ring that all streams share. Opening files is left to
// the blocking pool, as on epoll.
#pragma once

#include <quire/io/posix/file_loop.hpp>
#include <quire/io/posix/wake_event.hpp>
#include <quire/io/proactor.hpp>
#include <quire/io/uring/page_ring.hpp>
#include <quire/io/uring/receptions.hpp>
#include <quire/io/uring/registered_memory.hpp>
#include <quire/io/uring/ring.hpp>
#include <quire/io/uring/stream.hpp>

#include <string_view>
#include <vector>

namespace quire::io::uring {

class proactor : public posix::file_loop {
 public:
  static constexpr std::string_view name = "uring";

  using listener = uring::listener;
  using stream = uring::stream;
  using accept_operation = uring::accept_operation;
  using connect_operation = uring::connect_operation;
  using receive_operation = uring::receive_operation;
  using send_operation = uring::send_operation;
  using read_operation = uring::read_operation;

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

  using file_loop::adopt;
  using file_loop::close;
  using file_loop::discard;
  using file_loop::open;
  void adopt(file& f, open_operation& op) noexcept;
  void read(file& f, read_operation& op, std::uint64_t offset,
            std::span<mutable_span const> spans) noexcept;

  using file_loop::cancel;
  void cancel(accept_operation& op) noexcept {
    if (!op.idle() && op.listener_->waiting_.remove(op)) ready_.finish(op, error::canceled);
  }
  void cancel(connect_operation& op) noexcept { cancel_in_kernel(op); }
  void cancel(receive_operation& op) noexcept;
  void cancel(send_operation& op) noexcept { cancel_in_kernel(op); }
  void cancel(read_operation& op) noexcept { cancel_in_kernel(op); }

  std::size_t run_once(wait w) noexcept;

 private:
  error open(options const& o) noexcept;
  void arm_wake() noexcept;
  void handle(io_uring_cqe const& c) noexcept;
  io_uring_sqe& entry_for(operation& op, unsigned char opcode, int descriptor) noexcept;
  void cancel_in_kernel(operation& op) noexcept;

  void arm(listener& l) noexcept;
  void accepted(std::uint64_t number, int result, bool more) noexcept;
  void hand_over(accept_operation& op, int descriptor) noexcept;
  void arm(stream& s) noexcept;
  void received(std::uint32_t number, io_uring_cqe const& c) noexcept;
  void deliver_bytes(receive_operation& op, std::uint16_t id, std::size_t size) noexcept;
  void keep_unasked(std::uint32_t number, std::uint16_t id, std::size_t size) noexcept;
  void take_unasked(reception& r, receive_operation& op) noexcept;
  bool provide_pages() noexcept;
  void receiving_ended(reception& r, int number) noexcept;
  void receive_when_readable(receive_operation& op) noexcept;
  void readable(receive_operation& op, int result) noexcept;
  void end_unasked() noexcept;
  void end_receiving(std::uint32_t number) noexcept;
  void forget_reception(stream& s) noexcept;
  void try_send_part(send_operation& op) noexcept;
  void wait_to_send_part(send_operation& op) noexcept;
  void connected(connect_operation& op, int result) noexcept;
  void start_read(read_operation& op) noexcept;
  void read_came(read_operation& op, int result) noexcept;

  page_pool* pool_;
  ring ring_;
  page_ring pages_;
  receptions receptions_;
  std::size_t unasked_ = 0;  // Pages of all of them.
  registered_memory memory_;
  std::vector<listener*> listeners_;
  std::uint64_t accepts_ = 0;
  posix::wake_event wake_;
};

static_assert(io::proactor<proactor>);

}  // namespace quire::io::uring
