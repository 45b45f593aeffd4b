// The back end on Boost.Asio, for systems that have no other of ours. The contract is in
// contract.hpp, the concept in proactor.hpp.
//
// Asio waits for readiness; calls are tried first, as on epoll. Handlers lie in memory of the
// streams.
#pragma once

#include <quire/io/asio/stream.hpp>
#include <quire/io/posix/file_loop.hpp>
#include <quire/io/proactor.hpp>

#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>

#include <optional>
#include <string_view>

namespace quire::io::asio {

class proactor : public posix::file_loop {
 public:
  static constexpr std::string_view name = "asio";

  using listener = asio::listener;
  using stream = asio::stream;
  using accept_operation = asio::accept_operation;
  using connect_operation = asio::connect_operation;
  using receive_operation = asio::receive_operation;
  using send_operation = asio::send_operation;
  using read_operation = posix::read_operation;

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
  error open(options const& o) noexcept;
  error open_stream(stream& s, posix::descriptor socket, bool v6) noexcept;

  void wait_to_accept(listener& l) noexcept;
  void wait_to_read(stream& s) noexcept;
  void wait_to_write(stream& s) noexcept;
  void try_accept(listener& l) noexcept;
  void try_receive(stream& s) noexcept;
  void try_send(stream& s) noexcept;
  void try_send_part(stream& s) noexcept;
  void finish_connect(stream& s, error result) noexcept;

  page_pool* pages_;
  // Made in open(), for they may throw.
  std::optional<boost::asio::io_context> context_;
  std::optional<boost::asio::executor_work_guard<boost::asio::io_context::executor_type>> work_;
  handler_memory posting_;  // At most one wake is on its way.
};

static_assert(io::proactor<proactor>);

}  // namespace quire::io::asio
