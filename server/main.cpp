// The program: which command was given, and what it returns.
#include <quire/server/back_end.hpp>
#include <quire/server/command_line.hpp>
#include <quire/server/doctor.hpp>
#include <quire/server/exit_code.hpp>
#include <quire/server/parse_command.hpp>
#include <quire/server/serve.hpp>
#include <quire/server/standard_streams.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string_view>
#include <thread>

namespace {

using namespace quire;
using namespace quire::server;

// The root must be there before anything starts.
bool check_root(std::string const& root) {
  std::error_code error;
  std::filesystem::path const path(std::u8string(root.begin(), root.end()));
  auto const status = std::filesystem::status(path, error);
  if (std::filesystem::is_directory(status)) return true;
  if (status.type() == std::filesystem::file_type::not_found) {
    fmt::print(stderr, "quire: cannot serve {}: there is no such directory\n", root);
  } else if (error) {
    fmt::print(stderr, "quire: cannot serve {}: {}\n", root, error.message());
  } else {
    fmt::print(stderr, "quire: cannot serve {}: it is not a directory\n", root);
  }
  return false;
}

int run_serve(settings& s, bool connections_max_given) {
  auto const [chosen, note] = choose_back_end(back_ends(), s.io);
  if (chosen == nullptr) return usage_error(note);
  if (!check_root(s.root)) return exit_failure;
  std::size_t const workers =
      s.workers != 0 ? s.workers : std::max<std::size_t>(1, std::thread::hardware_concurrency());
  if (!fit_to_descriptor_limit(s, workers, connections_max_given)) return exit_failure;
  process::catch_stop_signals();
  return chosen->serve(s, workers, note);
}

}  // namespace

int main(int argc, char** argv) {
  make_standard_streams_binary();
  command_line line;
  if (std::optional<int> const code = read_command_line(argc, argv, line)) return *code;
  switch (line.given) {
    case command::serve:
      return run_serve(line.serve, line.connections_max_given);
    case command::parse:
      return run_parse_command(line.parse);
    case command::doctor:
      return run_doctor_command(back_ends(), line.doctor);
  }
  return exit_failure;
}
