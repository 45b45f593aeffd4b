// What `quire doctor` tells of locking the requests of large files.
#pragma once

#include <quire/io/windows/system_functions.hpp>
#include <quire/server/finding.hpp>

namespace quire::server {

// Of a system with these functions, for a user who may lock memory, or may not.
[[nodiscard]] finding examine_locked_requests(io::nt::system_functions const& functions,
                                              bool may_lock_memory);

}  // namespace quire::server
