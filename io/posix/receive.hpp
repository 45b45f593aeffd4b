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
  msghdr message{};
  message.msg_iov = reinterpret_cast<iovec*>(const_cast<mutable_span*>(spans.data()));
  message.msg_iovlen = spans.size();
  ssize_t n = -1;
  do {
    n = spans.size() == 1
            ? ::syscall(SYS_recvfrom, socket, spans[0].data, spans[0].size, flags, nullptr, nullptr)
            : ::syscall(SYS_recvmsg, socket, &message, flags);
  } while (n < 0 && errno == EINTR);
  return n;
}

}  // namespace quire::io::posix
