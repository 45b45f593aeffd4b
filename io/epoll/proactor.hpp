// The back end on Linux's epoll. The contract is in contract.hpp, the concept in proactor.hpp.
//
// Every call is tried before anything waits, except where it is known to fail: a stream whose last
// receive came back short has nothing more until its next edge. A keep-alive request so costs its
// share of one epoll_wait, one receive and one send.
//
// A turn does the same work for all streams before it goes on to the next: it receives, delivers,
// and sends what owners have submitted meanwhile, so that the instructions of each step are fetched
// into the processor's caches once for many (cohort scheduling: Larus, Parkes, USENIX 2002).
#pragma once

#include <quire/io/epoll/interest.hpp>
#include <quire/io/epoll/stream.hpp>
#include <quire/io/posix/file_loop.hpp>
#include <quire/io/posix/wake_event.hpp>
#include <quire/io/proactor.hpp>

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace quire::io::epoll {

class proactor : public posix::file_loop {
 public:
  static constexpr std::string_view name = "epoll";

  using listener = epoll::listener;
  using stream = epoll::stream;
  using accept_operation = epoll::accept_operation;
  using connect_operation = epoll::connect_operation;
  using receive_operation = epoll::receive_operation;
  using send_operation = epoll::send_operation;
  using read_operation = posix::read_operation;

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

  using file_loop::adopt;
  using file_loop::close;
  using file_loop::discard;
  using file_loop::open;
  void read(file& f, read_operation& op, std::uint64_t offset,
            std::span<mutable_span const> spans) noexcept {
    files_.read(f, op, offset, spans);
  }

  using file_loop::cancel;
  void cancel(accept_operation& op) noexcept {
    if (!op.idle() && op.listener_->waiting_.remove(op)) ready_.finish(op, error::canceled);
  }
  void cancel(connect_operation& op) noexcept;
  void cancel(receive_operation& op) noexcept;
  void cancel(send_operation& op) noexcept;

  std::size_t run_once(wait w) noexcept;

 private:
  // Flag of a send that is in one of the lists.
  static constexpr std::uint8_t queued = 1;

  error open(options const& o) noexcept;
  void handle(epoll_event const& event) noexcept;
  void handle(stream& s, std::uint32_t events) noexcept;

  void try_accept(listener& l) noexcept;
  void queue(send_operation& op) noexcept;
  void send_queued() noexcept;
  void try_receive(stream& s) noexcept;
  std::size_t try_send(send_operation& op) noexcept;
  bool may_send_large() const noexcept { return !large_sends_.empty() && sent_.is_left(); }
  void finish_connect(stream& s, error result) noexcept;

  page_pool* pages_;
  interest interest_;
  // Submitted, on streams that are writable; what is large waits until the others have been tried.
  operation_list sends_;
  operation_list large_sends_;
  large_share sent_;
  posix::wake_event wake_;
};

static_assert(io::proactor<proactor>);

}  // namespace quire::io::epoll
