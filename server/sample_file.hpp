// A file of the site for `quire doctor` to try things on.
#pragma once

#include <filesystem>
#include <string>

namespace quire::server {

// The first regular file, not far below the root, that this user may read; empty when there is
// none. Looks at a thousand entries at most. May wait for the disk.
std::filesystem::path sample_file(std::string const& root);

}  // namespace quire::server
