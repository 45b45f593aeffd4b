// Handles of Windows by their own names, so that no header needs windows.h.
#pragma once

#include <cstdint>

namespace quire::io::nt {

// HANDLE; nullptr owns nothing.
using handle = void*;

// SOCKET, and INVALID_SOCKET.
using socket_handle = std::uintptr_t;
inline constexpr socket_handle no_socket = ~socket_handle{0};

}  // namespace quire::io::nt
