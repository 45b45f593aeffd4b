// Receive, send, connect and the life of a stream.
#include <quire/io/iocp/proactor.hpp>
#include <quire/io/iocp/winsock.hpp>
#include <quire/io/receive_space.hpp>
#include <quire/io/windows/error.hpp>

#include <algorithm>
#include <array>
#include <utility>

namespace quire::io::iocp {
namespace {

// What one send takes at most. The system keeps all of it until the peer has taken enough; so this
// is what a slow peer holds, and how often the owner hears that it goes on.
constexpr std::size_t send_size_max = 65536;
constexpr std::size_t spans_max = 64;

// A list of spans as Winsock wants it, which copies it. Empty spans are left out.
class span_list {
 public:
  void add(char const* data, std::size_t size) noexcept {
    std::size_t const taken = std::min(size, size_max_ - size_);
    if (taken == 0) return;
    list_[count_++] = {static_cast<ULONG>(taken), const_cast<char*>(data)};
    size_ += taken;
  }
  explicit span_list(std::span<const_span const> spans) noexcept : size_max_(send_size_max) {
    for (const_span const& s : spans) {
      if (count_ == list_.size() || size_ == size_max_) break;
      add(s.data, s.size);
    }
  }
  explicit span_list(std::span<mutable_span const> spans) noexcept {
    for (mutable_span const& s : spans) add(s.data, s.size);
  }
  WSABUF* data() noexcept { return list_.data(); }
  DWORD count() const noexcept { return static_cast<DWORD>(count_); }

 private:
  std::size_t size_max_ = ~ULONG{0};
  std::size_t size_ = 0;
  std::size_t count_ = 0;
  std::array<WSABUF, spans_max> list_;
};

// The error of a call that has returned `result`.
std::uint32_t number_of(int result) noexcept {
  return result == 0 ? 0 : static_cast<std::uint32_t>(::WSAGetLastError());
}

void submit(operation& op, kind k) noexcept {
  operation_access::submit(op);
  operation_access::flags(op) = static_cast<std::uint8_t>(k);
}

}  // namespace

error proactor::adopt(stream& s, accept_operation& op) noexcept {
  assert(op.idle() && op.socket_ && !s.is_open());
  owned_socket socket(std::move(op.socket_));
  bool skips = false;
  if (error const e = port_.add(handle_of(socket.get()), source::request, skips);
      e != error::none) {
    return e;
  }
  if (error const e = set_non_blocking(socket.get()); e != error::none) return e;
  s.socket_ = socket.release();
  s.skips_ = skips;
  s.readable_ = false;
  return error::none;
}

void proactor::receive(stream& s, receive_operation& op, buffer& into) noexcept {
  assert(s.is_open());
  submit(op, kind::bytes_to_come);
  op.stream_ = &s;
  op.buffer_ = &into;
  if (op.policy_ == receive_policy::pinned) return receive_into_pages(op);
  if (s.readable_) return take_bytes(op, false);
  await_bytes(op);
}

// A receive of nothing completes when there is something, or the end of the stream.
void proactor::await_bytes(receive_operation& op) noexcept {
  op.system_part() = {};
  WSABUF nothing{0, nullptr};
  DWORD flags = 0;
  stream const& s = *op.stream_;
  int const r =
      ::WSARecv(s.socket_, &nothing, 1, nullptr, &flags, native(op.system_part()), nullptr);
  started(op, {number_of(r), 0}, s.skips_);
}

void proactor::take_bytes(receive_operation& op, bool announced) noexcept {
  stream& s = *op.stream_;
  receive_space space(*op.buffer_, *pages_);
  if (space.size() == 0) return ready_.finish(op, error::no_memory);
  span_list list(space.spans());
  DWORD received = 0;
  DWORD flags = 0;
  std::uint32_t const number = number_of(
      ::WSARecv(s.socket_, list.data(), list.count(), &received, &flags, nullptr, nullptr));
  if (number != 0) received = 0;
  space.commit(received);
  s.readable_ = received == space.size();
  if (number != WSAEWOULDBLOCK) return ready_.finish(op, nt::translate(number), received);
  if (is_canceling(op)) return ready_.finish(op, error::canceled);
  if (!announced) return await_bytes(op);
  // There was nothing after all. To wait again at once could go on for ever within this call.
  op.system_part() = {};
  port_.post(source::request, &op.system_part());
}

void proactor::receive_into_pages(receive_operation& op) noexcept {
  if (op.buffer_->writable() == 0) {
    if (page* const p = pages_->acquire()) op.buffer_->push(p);
  }
  std::array<mutable_span, 16> spans;
  span_list list(std::span<mutable_span const>(spans).first(op.buffer_->scatter(spans)));
  if (list.count() == 0) return ready_.finish(op, error::no_memory);
  operation_access::flags(op) = static_cast<std::uint8_t>(kind::receive);
  op.system_part() = {};
  DWORD received = 0;
  DWORD flags = 0;
  stream const& s = *op.stream_;
  int const r = ::WSARecv(s.socket_, list.data(), list.count(), &received, &flags,
                          native(op.system_part()), nullptr);
  started(op, {number_of(r), received}, s.skips_);
}

void proactor::send(stream& s, send_operation& op, std::span<const_span const> spans,
                    const_span part) noexcept {
  assert(s.is_open());
  submit(op, kind::send);
  op.stream_ = &s;
  span_list list(spans);
  if (spans.size() < spans_max) list.add(part.data, part.size);
  if (list.count() == 0) return ready_.finish(op, error::none);
  op.system_part() = {};
  DWORD sent = 0;
  int const r =
      ::WSASend(s.socket_, list.data(), list.count(), &sent, 0, native(op.system_part()), nullptr);
  started(op, {number_of(r), sent}, s.skips_);
}

void proactor::connect(stream& s, endpoint const& where, connect_operation& op) noexcept {
  assert(!s.is_open());
  submit(op, kind::connect);
  op.stream_ = &s;
  owned_socket socket;
  error e = open_socket(where.v6, socket);
  if (e == error::none) e = bind_to_any(socket.get(), where.v6);
  if (e == error::none) e = port_.add(handle_of(socket.get()), source::request, op.skips_);
  if (e == error::none) e = set_non_blocking(socket.get());
  if (e != error::none) return ready_.finish(op, e);
  socket.lose_context();
  op.socket_ = std::move(socket);
  op.system_part() = {};
  sockaddr_storage address;
  int const size = to_address(where, address);
  DWORD sent = 0;
  BOOL const done =
      extensions().connect(op.socket_.get(), reinterpret_cast<sockaddr const*>(&address), size,
                           nullptr, 0, &sent, native(op.system_part()));
  started(op, {number_of(done ? 0 : SOCKET_ERROR), 0}, op.skips_);
}

void proactor::connected(connect_operation& op, error e) noexcept {
  owned_socket socket(std::move(op.socket_));
  if (e == error::none) e = update_connect_context(socket);
  if (e == error::none) {
    op.stream_->socket_ = socket.release();
    op.stream_->skips_ = op.skips_;
    op.stream_->readable_ = false;
  }
  ready_.finish(op, e);
}

void proactor::shutdown(stream& s) noexcept {
  // It fails only when the connection has ended already.
  static_cast<void>(::shutdown(s.socket_, SD_SEND));
}

void proactor::close(stream& s) noexcept {
  assert(s.is_open());
  iocp::close(std::exchange(s.socket_, nt::no_socket));
}

void proactor::abort(stream& s) noexcept {
  reset_on_close(s.socket_);
  close(s);
}

void proactor::cancel(connect_operation& op) noexcept {
  cancel_in_system(op, handle_of(op.socket_.get()));
}

void proactor::cancel(receive_operation& op) noexcept {
  if (!op.idle()) cancel_in_system(op, handle_of(op.stream_->socket_));
}

void proactor::cancel(send_operation& op) noexcept {
  if (!op.idle()) cancel_in_system(op, handle_of(op.stream_->socket_));
}

}  // namespace quire::io::iocp
