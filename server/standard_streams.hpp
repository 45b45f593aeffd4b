// Standard input, output and error as plain octets. One source file for each platform.
#pragma once

namespace quire::server {

// Without this some platforms translate line ends. Call it before the first octet is read or
// written.
void make_standard_streams_binary() noexcept;

}  // namespace quire::server
