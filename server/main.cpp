// The program: which command was given, and what it returns.
#include <quire/server/back_end.hpp>
#include <quire/server/command_line.hpp>
#include <quire/server/doctor.hpp>
#include <quire/server/parse_command.hpp>
#include <quire/server/serve.hpp>
#include <quire/server/standard_streams.hpp>
#include <quire/server/version.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <algorithm>
#include <filesystem>
#include <string_view>
#include <thread>

namespace {

using namespace quire;
using namespace quire::server;

int usage_error(std::string_view sentence) {
  fmt::print(stderr, "quire: {}\n", sentence);
  return exit_usage;
}

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

int print_help(CLI::App const& app, std::string const& topic) {
  for (CLI::App const* command : app.get_subcommands({})) {
    if (command->get_name() != topic) continue;
    fmt::print("{}", command->help("quire"));
    return 0;
  }
  return usage_error(fmt::format("there is no command '{}'; see quire help", topic));
}

}  // namespace

int main(int argc, char** argv) {
  make_standard_streams_binary();
  CLI::App app("quire: a fast and careful HTTP server for static websites", "quire");
  app.set_version_flag("--version", fmt::format("quire {}", version), "Print the version");
  app.require_subcommand(0, 1);
  app.allow_windows_style_options(false);  // A path may begin with a slash there as well.

  settings s;
  CLI::App& serve_command = *app.add_subcommand("serve", "Serve a directory over HTTP");
  add_serve_options(serve_command, s);

  parse_options p;
  CLI::App& parse_command =
      *app.add_subcommand("parse", "Show what the parser makes of HTTP/1.1 messages");
  add_parse_options(parse_command, p);

  doctor_options d;
  CLI::App& doctor_command = *app.add_subcommand(
      "doctor", "Say what this machine allows, and what is missing for serving well");
  add_doctor_options(doctor_command, d);

  std::string topic;
  CLI::App& help_command = *app.add_subcommand("help", "Print help, for all or for one command");
  help_command.add_option("COMMAND", topic, "The command");

  try {
    app.parse(argc, argv);
    if (serve_command.parsed()) finish_serve_options(serve_command, s);
  } catch (CLI::ParseError const& e) {
    if (e.get_exit_code() == static_cast<int>(CLI::ExitCodes::Success)) return app.exit(e);
    return usage_error(fmt::format("{}; see quire help", e.what()));
  }

  if (serve_command.parsed()) {
    return run_serve(s, serve_command.get_option("--connections-max")->count() != 0);
  }
  if (parse_command.parsed()) return run_parse_command(p);
  if (doctor_command.parsed()) return run_doctor_command(back_ends(), d);
  if (!topic.empty()) {
    return print_help(app, topic);
  }
  // Without the command that was given, `help`, which would be explained instead.
  app.clear();
  fmt::print("{}", app.help());
  return 0;
}
