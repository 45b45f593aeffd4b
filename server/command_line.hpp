// The command line: `quire serve`, `quire parse`, `quire help`, `quire --version`.
#pragma once

#include <quire/server/settings.hpp>

#include <CLI/CLI.hpp>

#include <string>

namespace quire::server {

inline constexpr int exit_failure = 1;
inline constexpr int exit_usage = 2;

// Adds the options of `quire serve` to its subcommand; parsing fills `s`.
void add_serve_options(CLI::App& command, settings& s);

// What CLI11 cannot check by itself: the listening addresses. Throws CLI::ValidationError.
void finish_serve_options(CLI::App const& command, settings& s);

}  // namespace quire::server
