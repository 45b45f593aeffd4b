// The back end on Windows' completion ports. The contract is in contract.hpp, the concept in
// proactor.hpp.
//
// What succeeds at once costs no packet: a keep-alive request is its share of one wait, a receive
// of nothing that tells when bytes have come, the receive that takes them, and one send. A stream
// that waits holds no page.
#pragma once

#include <quire/io/iocp/acceptor.hpp>
#include <quire/io/iocp/port.hpp>
#include <quire/io/iocp/request_slab.hpp>
#include <quire/io/iocp/stream.hpp>
#include <quire/io/iocp/strict.hpp>
#include <quire/io/proactor.hpp>
#include <quire/io/windows/file_loop.hpp>

#include <memory>
#include <string_view>
#include <vector>

namespace quire::io::iocp {

class proactor : public nt::file_loop {
 public:
  static constexpr std::string_view name = "iocp";

  using listener = iocp::listener;
  using stream = iocp::stream;
  using file = iocp::file;
  using accept_operation = iocp::accept_operation;
  using connect_operation = iocp::connect_operation;
  using receive_operation = iocp::receive_operation;
  using send_operation = iocp::send_operation;
  using read_operation = iocp::read_operation;

  proactor(options const& o, error& e) noexcept : proactor(o, strict_mode{}, e) {}
  proactor(options const& o, strict_mode const& strict, error& e) noexcept;
  ~proactor();
  proactor(proactor const&) = delete;
  proactor& operator=(proactor const&) = delete;

  // Listeners that share a port (reuse_port) are those of this process. One thread accepts for them
  // and gives each its turn.
  error listen(listener& l, endpoint const& where, listen_options const& how) noexcept;
  endpoint local_endpoint(listener const& l) const noexcept;
  void close(listener& l) noexcept;
  void accept(listener& l, accept_operation& op) noexcept;
  error adopt(stream& s, accept_operation& op) noexcept;
  void discard(accept_operation& op) noexcept;

  void connect(stream& s, endpoint const& where, connect_operation& op) noexcept;
  void receive(stream& s, receive_operation& op, buffer& into) noexcept;
  void send(stream& s, send_operation& op, std::span<const_span const> spans) noexcept {
    send(s, op, spans, {nullptr, 0});
  }
  void send(stream& s, send_operation& op, std::span<const_span const> spans, memory_file const& f,
            std::uint64_t offset, std::uint64_t length) noexcept {
    assert(offset <= f.size() && length <= f.size() - offset);
    send(s, op, spans, {f.bytes().data + offset, static_cast<std::size_t>(length)});
  }
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
  void cancel(accept_operation& op) noexcept;
  void cancel(connect_operation& op) noexcept;
  void cancel(receive_operation& op) noexcept;
  void cancel(send_operation& op) noexcept;
  void cancel(read_operation& op) noexcept;

  std::size_t run_once(wait w) noexcept;

 private:
  error open(options const& o) noexcept;
  void wake() noexcept { port_.post(source::wake, nullptr); }
  void handle(packet const& p) noexcept;

  // Of a request: an error as the system numbers them, and bytes.
  struct outcome {
    std::uint32_t number;
    std::uint32_t count;
  };
  // A call that starts a request has returned `o`. True when that is what has become of it, or `o`
  // is now; false when a packet will tell.
  bool is_known(request& op, outcome& o, bool skips) noexcept;
  static outcome take_outcome(request& op, packet const& p) noexcept;
  void started(request& op, outcome o, bool skips) noexcept {
    if (is_known(op, o, skips)) completed(op, o);
  }
  void completed(request& op, outcome o) noexcept;
  void cancel_in_system(request& op, nt::handle h) noexcept;

  // The spans, and the part behind them.
  void send(stream& s, send_operation& op, std::span<const_span const> spans,
            const_span part) noexcept;
  void await_bytes(receive_operation& op) noexcept;
  void take_bytes(receive_operation& op, bool announced) noexcept;
  void receive_into_pages(receive_operation& op) noexcept;
  void connected(connect_operation& op, error e) noexcept;
  void read_on(read_operation& op) noexcept;
  outcome start_read(read_operation& op) noexcept;
  void use_slab(read_operation& op) noexcept;
  void leave_slab(read_operation& op) noexcept;
  error fall_back(file& f) noexcept;
  bool read_came(read_operation& op, outcome o) noexcept;

  page_pool* pages_;
  strict_coin strict_;
  request_slab slab_;
  port port_;
  std::vector<std::unique_ptr<acceptor>> acceptors_;  // Those of this loop alone.
};

static_assert(io::proactor<proactor>);

}  // namespace quire::io::iocp
