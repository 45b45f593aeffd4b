// What the operating system and the hardware allow, looked at for `quire doctor`. One set of source
// files for each platform. Nothing is changed, and nothing is kept open.
#pragma once

#include <quire/server/finding.hpp>

#include <string>
#include <vector>

namespace quire::server {

// What a process may have: descriptors, memory that is locked.
std::vector<finding> examine_limits();

// What the system does with connections before and while the server has them.
std::vector<finding> examine_network();

// What the file system of the directory offers for reading the files in it. `root` is a directory.
std::vector<finding> examine_files(std::string const& root);

// Processors that this process may use, and the clock.
std::vector<finding> examine_processors();

}  // namespace quire::server
