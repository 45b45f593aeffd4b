// quire_simulation: runs the server in simulated worlds, by hand or for as long as wanted.
#include "tests/simulation/simulation.hpp"

#include <quire/server/standard_streams.hpp>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include <chrono>
#include <cstdio>

namespace {

using quire::simulation::outcome;
using quire::simulation::plan;

bool report(plan const& p, outcome const& o) {
  if (o.complaint.empty()) return true;
  fmt::print("seed {}, failing operation {}: {}\n", p.seed, p.failing_operation, o.complaint);
  fmt::print("replay: quire_simulation --seed {}{} --trace\n", p.seed,
             p.failing_operation == 0 ? std::string()
                                      : fmt::format(" --fail {} {}", p.failing_operation,
                                                    p.faults ? "" : "--no-faults"));
  return false;
}

bool sweep(plan p, std::uint64_t& runs) {
  p.failing_operation = 0;
  std::uint64_t const operations = run(p).operations;
  for (p.failing_operation = 1; p.failing_operation <= operations; ++p.failing_operation) {
    ++runs;
    if (!report(p, run(p))) return false;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  CLI::App app("Runs the whole server in simulated worlds, with seeded faults", "quire_simulation");
  plan p;
  std::uint64_t count = 1;
  std::uint64_t seconds = 0;
  bool trace = false;
  bool no_faults = false;
  bool sweeps = false;
  app.add_option("--seed", p.seed, "The first seed [1]");
  app.add_option("--count", count, "How many seeds [1]");
  app.add_option("--seconds", seconds, "Seeds until so many seconds are over");
  app.add_option("--fail", p.failing_operation, "The number of the operation that fails");
  app.add_flag("--no-faults", no_faults, "No faults by chance");
  app.add_flag("--sweep", sweeps,
               "For each seed: every operation fails once, without other faults");
  app.add_flag("--trace", trace, "Write every outcome");
  CLI11_PARSE(app, argc, argv);
  quire::server::make_standard_streams_binary();  // A trace has the same octets everywhere.
  p.faults = !no_faults && !sweeps;
  p.trace = trace ? stdout : nullptr;
  auto const end = std::chrono::steady_clock::now() + std::chrono::seconds(seconds);
  std::uint64_t runs = 0;
  std::uint64_t answers = 0;
  std::uint64_t hash = 0;
  for (std::uint64_t i = 0; seconds != 0 ? std::chrono::steady_clock::now() < end : i != count;
       ++i, ++p.seed) {
    if (sweeps) {
      if (!sweep(p, runs)) return 1;
      continue;
    }
    ++runs;
    outcome const o = run(p);
    if (!report(p, o)) return 1;
    answers += o.answers;
    hash = o.trace_hash;
  }
  fmt::print("{} runs, {} answers, last seed {}, its trace {:016x}\n", runs, answers, p.seed - 1,
             hash);
  return 0;
}
