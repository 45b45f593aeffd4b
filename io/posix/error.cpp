#include <quire/io/posix/error.hpp>

#include <cerrno>

namespace quire::io::posix {

error translate(int number) noexcept {
  switch (number) {
    case 0:
      return error::none;
    case ECANCELED:
    case EINTR:
      return error::canceled;
    case ECONNREFUSED:
      return error::connection_refused;
    case ECONNRESET:
    case ECONNABORTED:
      return error::connection_reset;
    case EPIPE:
    case ENOTCONN:
    case ESHUTDOWN:
      return error::broken_pipe;
    case ETIMEDOUT:
      return error::timed_out;
    case ENETDOWN:
    case ENETUNREACH:
    case EHOSTDOWN:
    case EHOSTUNREACH:
      return error::unreachable;
    case EADDRINUSE:
      return error::address_in_use;
    case EADDRNOTAVAIL:
    case EAFNOSUPPORT:
      return error::address_unavailable;
    case EACCES:
    case EPERM:
      return error::access_denied;
    case ENOENT:
      return error::not_found;
    case ENOTDIR:
      return error::not_a_directory;
    case EISDIR:
      return error::is_a_directory;
    // What open() says of sockets and of devices without a driver.
    case ENXIO:
    case ENODEV:
      return error::not_regular;
    // What openat2() says of paths that lead out.
    case EXDEV:
      return error::outside_root;
    case ELOOP:
      return error::too_many_links;
    case ENAMETOOLONG:
      return error::name_too_long;
    case EMFILE:
    case ENFILE:
      return error::too_many_open_files;
    case ENOMEM:
    case ENOBUFS:
      return error::no_memory;
    case ENOSPC:
    case EDQUOT:
      return error::no_space;
    case ENOSYS:
    case EOPNOTSUPP:
    case EPROTONOSUPPORT:
      return error::unsupported;
    case EINVAL:
    case EBADF:
    case EFAULT:
      return error::invalid_argument;
    case EIO:
      return error::device_failure;
    default:
      return error::other;
  }
}

}  // namespace quire::io::posix
