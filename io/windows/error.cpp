#include <quire/io/windows/error.hpp>

#include <winsock2.h>

#include <windows.h>

#include <winternl.h>

namespace quire::io::nt {
namespace {

// Of Winsock.
error translate_socket(std::uint32_t number) noexcept {
  switch (number) {
    case WSAECANCELLED:
    case WSA_E_CANCELLED:
    case WSAEINTR:
      return error::canceled;
    case WSAECONNREFUSED:
      return error::connection_refused;
    case WSAECONNRESET:
    case WSAECONNABORTED:
    case WSAENETRESET:
      return error::connection_reset;
    case WSAESHUTDOWN:
    case WSAENOTCONN:
    case WSAEDISCON:
      return error::broken_pipe;
    case WSAETIMEDOUT:
      return error::timed_out;
    case WSAENETDOWN:
    case WSAENETUNREACH:
    case WSAEHOSTDOWN:
    case WSAEHOSTUNREACH:
      return error::unreachable;
    case WSAEADDRINUSE:
      return error::address_in_use;
    case WSAEADDRNOTAVAIL:
    case WSAEAFNOSUPPORT:
      return error::address_unavailable;
    case WSAEACCES:
      return error::access_denied;
    case WSAEMFILE:
      return error::too_many_open_files;
    case WSAENOBUFS:
      return error::no_memory;
    case WSAEOPNOTSUPP:
    case WSAEPROTONOSUPPORT:
      return error::unsupported;
    case WSAEINVAL:
    case WSAEFAULT:
    case WSAENOTSOCK:
      return error::invalid_argument;
    default:
      return error::other;
  }
}

// What the kernel says of a connection when it is asked through a completion port.
error translate_connection(std::uint32_t number) noexcept {
  switch (number) {
    case ERROR_CONNECTION_REFUSED:
      return error::connection_refused;
    case ERROR_NETNAME_DELETED:
    case ERROR_CONNECTION_ABORTED:
    case ERROR_UNEXP_NET_ERR:
      return error::connection_reset;
    case ERROR_BROKEN_PIPE:
    case ERROR_NO_DATA:
    case ERROR_PIPE_NOT_CONNECTED:
    case ERROR_GRACEFUL_DISCONNECT:
      return error::broken_pipe;
    case ERROR_SEM_TIMEOUT:
    case ERROR_TIMEOUT:
      return error::timed_out;
    case ERROR_NETWORK_UNREACHABLE:
    case ERROR_HOST_UNREACHABLE:
    case ERROR_PROTOCOL_UNREACHABLE:
    case ERROR_PORT_UNREACHABLE:
      return error::unreachable;
    case ERROR_ADDRESS_ALREADY_ASSOCIATED:
      return error::address_in_use;
    default:
      return translate_socket(number);
  }
}

}  // namespace

error translate(std::uint32_t number) noexcept {
  switch (number) {
    case ERROR_SUCCESS:
      return error::none;
    case ERROR_OPERATION_ABORTED:
    case ERROR_CANCELLED:
      return error::canceled;
    case ERROR_ACCESS_DENIED:
    case ERROR_SHARING_VIOLATION:
    case ERROR_LOCK_VIOLATION:
    case ERROR_PRIVILEGE_NOT_HELD:
      return error::access_denied;
    case ERROR_FILE_NOT_FOUND:
    case ERROR_PATH_NOT_FOUND:
    case ERROR_INVALID_NAME:
    case ERROR_BAD_PATHNAME:
    case ERROR_DELETE_PENDING:
      return error::not_found;
    case ERROR_DIRECTORY:
      return error::not_a_directory;
    case ERROR_CANT_RESOLVE_FILENAME:
      return error::too_many_links;
    case ERROR_FILENAME_EXCED_RANGE:
    case ERROR_BUFFER_OVERFLOW:
      return error::name_too_long;
    case ERROR_TOO_MANY_OPEN_FILES:
      return error::too_many_open_files;
    case ERROR_NOT_ENOUGH_MEMORY:
    case ERROR_OUTOFMEMORY:
    case ERROR_NO_SYSTEM_RESOURCES:
    case ERROR_NONPAGED_SYSTEM_RESOURCES:
    case ERROR_PAGED_SYSTEM_RESOURCES:
    case ERROR_WORKING_SET_QUOTA:
    case ERROR_NOT_ENOUGH_QUOTA:
    case ERROR_COMMITMENT_LIMIT:
      return error::no_memory;
    case ERROR_DISK_FULL:
    case ERROR_HANDLE_DISK_FULL:
      return error::no_space;
    case ERROR_NOT_SUPPORTED:
    case ERROR_INVALID_FUNCTION:
    case ERROR_CALL_NOT_IMPLEMENTED:
    case ERROR_PROC_NOT_FOUND:
      return error::unsupported;
    case ERROR_INVALID_PARAMETER:
    case ERROR_INVALID_HANDLE:
    case ERROR_NOACCESS:
      return error::invalid_argument;
    case ERROR_IO_DEVICE:
    case ERROR_CRC:
    case ERROR_SECTOR_NOT_FOUND:
    case ERROR_READ_FAULT:
    case ERROR_GEN_FAILURE:
    case ERROR_NOT_READY:
    case ERROR_DEVICE_NOT_CONNECTED:
    case ERROR_FILE_CORRUPT:
    case ERROR_DISK_CORRUPT:
      return error::device_failure;
    default:
      return translate_connection(number);
  }
}

std::uint32_t error_number(std::int32_t status) noexcept {
  return status >= 0 ? 0 : ::RtlNtStatusToDosError(status);
}

}  // namespace quire::io::nt
