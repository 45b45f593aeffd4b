// POSIX systems about which nothing more is known than what all of them tell.
#include <quire/server/machine.hpp>

#include <unistd.h>
#include <string>

namespace quire::server {

std::vector<finding> examine_network() {
  return {};
}

std::vector<finding> examine_files(std::string const&) {
  return {};
}

std::vector<finding> examine_processors() {
  return {{"processors", std::to_string(::sysconf(_SC_NPROCESSORS_ONLN)), verdict::fact}};
}

}  // namespace quire::server
