#include <quire/server/sample_file.hpp>

#include <fstream>
#include <system_error>

namespace quire::server {

namespace fs = std::filesystem;

fs::path sample_file(std::string const& root) {
  std::error_code error;
  int left = 1000;
  for (fs::recursive_directory_iterator it(root, fs::directory_options::skip_permission_denied,
                                           error);
       !error && it != fs::recursive_directory_iterator() && left-- != 0; it.increment(error)) {
    std::error_code ignored;
    if (!it->is_regular_file(ignored) || it->is_symlink(ignored)) continue;
    if (std::ifstream(it->path()).is_open()) return it->path();
  }
  return {};
}

}  // namespace quire::server
