// Translates the errors of Windows, at the edge (clause 12).
#pragma once

#include <quire/io/error.hpp>

#include <cstdint>

namespace quire::io::nt {

// Takes what GetLastError() or WSAGetLastError() said: their numbers do not overlap. 0 is success.
[[nodiscard]] error translate(std::uint32_t number) noexcept;

// An NTSTATUS as one of those numbers; 0 for all that mean success.
[[nodiscard]] std::uint32_t error_number(std::int32_t status) noexcept;

}  // namespace quire::io::nt
