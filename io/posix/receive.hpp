// One call that receives, for back ends that make it themselves.
#pragma once

#include <quire/buffer/memory_span.hpp>

#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <span>

namespace quire::io::posix {

// Bytes received, or -1 with an errno. Not by the functions of the C library, at which a thread can
// be cancelled: with several threads that costs two locked instructions a call.
inline ssize_t receive_into(int socket, std::span<mutable_span const> spans, int flags) noexcept {
  auto const call = [&]() noexcept -> ssize_t {
    if (spans.size() == 1) {
      return ::syscall(SYS_recvfrom, socket, spans[0].data, spans[0].size, flags, nullptr, nullptr);
    }
    msghdr message{};
    message.msg_iov = reinterpret_cast<iovec*>(const_cast<mutable_span*>(spans.data()));
    message.msg_iovlen = spans.size();
    return ::syscall(SYS_recvmsg, socket, &message, flags);
  };
  ssize_t n = -1;
  do n = call();
  while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace quire::io::posix
