// The files of this machine, as the suite of the contract sees them.
#pragma once

#include <quire/io/error.hpp>

#include "tests/io/temporary_directory.hpp"

#include <string>
#include <string_view>
#include <vector>

namespace quire::test {

class host_files : public temporary_directory {
 public:
  // Nobody but the system decides what its cache holds.
  void make_cold_file(std::string_view name, std::string_view content) { make_file(name, content); }
  // Has ended when this returns: nobody can tell here whether a write is in progress.
  void begin_slow_write(std::string_view name, std::string const& content) {
    overwrite_file(name, content);
  }
  void let_slow_write_end() {}
  static constexpr bool mapped_files_shrink = false;
  static constexpr bool open_files_lose_names = false;
  // Devices, which are in every folder without being made. To us they are not there.
  std::vector<std::string> make_irregular() { return {"nul", "CON", "com1.txt", "aux"}; }
  static constexpr io::error irregular = io::error::not_found;
};

}  // namespace quire::test
