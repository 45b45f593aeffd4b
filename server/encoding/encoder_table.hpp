// The encoders that are built in.
#pragma once

#include <quire/server/encoding/encoder.hpp>

#include <span>

namespace quire::server {

[[nodiscard]] std::span<encoder const* const> encoders() noexcept;

}  // namespace quire::server
