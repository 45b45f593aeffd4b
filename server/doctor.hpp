// `quire doctor`: what this machine allows, what the lack of each thing costs, and what to do about
// it.
#pragma once

#include <quire/server/back_end.hpp>
#include <quire/server/finding.hpp>

#include <span>
#include <string>
#include <vector>

namespace quire::server {

struct doctor_options {
  std::string root = ".";
  bool json = false;
};

// All findings: the back ends, the parser, the machine, the directory. The directory need not
// exist.
std::vector<finding_group> examine(std::span<back_end const> back_ends, std::string const& root);

// False when a finding is fatal.
bool can_serve(std::vector<finding_group> const& groups) noexcept;

// For people: a table, with costs and advice below what they belong to.
std::string report_text(std::vector<finding_group> const& groups);
// For programs: one JSON object on one line,
// {"serves":true,"groups":[{"title":"...","findings":[{"name":"...","value":"...","verdict":"good",
// "cost":"...","advice":"..."}]}]}; verdict: good, fact, costs, fatal.
std::string report_json(std::vector<finding_group> const& groups);

// Examines and prints. 0, or exit_failure when serving is impossible.
int run_doctor_command(std::span<back_end const> back_ends, doctor_options const& o);

}  // namespace quire::server
