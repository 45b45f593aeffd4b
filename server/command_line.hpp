// The command line: `quire serve`, `quire parse`, `quire doctor`, `quire help`, `quire --version`.
#pragma once

#include <quire/server/doctor.hpp>
#include <quire/server/parse_command.hpp>
#include <quire/server/settings.hpp>

#include <cstdint>
#include <optional>
#include <string_view>

namespace quire::server {

enum class command : std::uint8_t { serve, parse, doctor };

struct command_line {
  command given = command::serve;
  settings serve;
  bool connections_max_given = false;
  parse_options parse;
  doctor_options doctor;
};

// Reads the arguments of the program and the variables of its environment into `out`. What they ask
// for may be a text, which is printed, or be wrong, which is said in one sentence: then the program
// ends, with the exit code that is returned.
std::optional<int> read_command_line(int argc, char** argv, command_line& out);

// Says in one sentence what is wrong with the arguments, and returns exit_usage.
int usage_error(std::string_view sentence);

}  // namespace quire::server
