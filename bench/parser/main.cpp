// Parsers side by side: nanoseconds an input, and ratios to the first peer.
//
//   parser_bench [--peer NAME=FILE.so]... [options of Google Benchmark]
//
// Every parser runs on the same octets in the same process; repetitions are interleaved at random
// and the median counts. A row leaves out a parser that does not find all fields and the end.
#include "bench/parser/subject.hpp"

#include <benchmark/benchmark.h>
#include <algorithm>
#include <cstdio>
#include <exception>
#include <map>
#include <string>
#include <vector>

namespace {

using namespace quire::bench;

bool reads_all(input const& in, outcome const& out) {
  return out.good && out.used == in.octets.size() && out.fields == in.fields;
}

void run(benchmark::State& state, input const& in, subject const& s) {
  auto const parse = s.prepare(in);
  if (!reads_all(in, parse())) {
    state.SkipWithError("does not read this input");
    return;
  }
  for (auto _ : state) {
    outcome out = parse();
    benchmark::DoNotOptimize(out);
  }
}

// Keeps the times of all repetitions instead of printing them.
class collector : public benchmark::BenchmarkReporter {
 public:
  bool ReportContext(Context const&) override { return true; }
  void ReportRuns(std::vector<Run> const& runs) override {
    for (Run const& r : runs) {
      if (r.run_type == Run::RT_Iteration && !r.error_occurred) {
        times_[r.run_name.function_name].push_back(r.GetAdjustedCPUTime());
      }
    }
  }

  // Nanoseconds; 0: not measured.
  double median(std::string const& name) {
    auto& all = times_[name];
    if (all.empty()) return 0;
    std::sort(all.begin(), all.end());
    return all[all.size() / 2];
  }

 private:
  std::map<std::string, std::vector<double>> times_;
};

void print_table(collector& times, std::vector<subject> const& subjects, std::string const& base) {
  std::printf("%-18s", "ns (ratio)");
  for (input const& in : inputs()) std::printf("%18s", in.name.c_str());
  std::printf("\n%-18s", "octets");
  for (input const& in : inputs()) std::printf("%18zu", in.octets.size());
  std::printf("\n");
  for (subject const& s : subjects) {
    std::printf("%-18s", s.name.c_str());
    for (input const& in : inputs()) {
      double const own = times.median(in.name + "/" + s.name);
      double const other = times.median(in.name + "/" + base);
      if (own == 0) {
        std::printf("%18s", "-");
      } else if (other == 0) {
        std::printf("%10.1f        ", own);
      } else {
        std::printf("%10.1f (%5.2f)", own, other / own);
      }
    }
    std::printf("\n");
  }
  std::printf("Ratio: how many times as fast as %s.\n", base.c_str());
}

}  // namespace

int main(int argc, char** argv) try {
  std::vector<subject> subjects;
  std::string base = "http_parser";
  std::vector<std::string> peers;
  std::vector<char*> rest;
  for (int i = 0; i < argc; ++i) {
    if (std::string(argv[i]) == "--peer" && i + 1 < argc) {
      peers.emplace_back(argv[++i]);
    } else {
      rest.push_back(argv[i]);
    }
  }
  std::string interleave = "--benchmark_enable_random_interleaving=true";
  std::string repetitions = "--benchmark_repetitions=9";
  std::string min_time = "--benchmark_min_time=0.02";
  rest.insert(rest.begin() + 1, {interleave.data(), repetitions.data(), min_time.data()});

  for (std::string const& peer : peers) add_shared_object_subject(subjects, peer);
  if (!subjects.empty()) base = subjects[0].name;
  if (add_http_parser_subject != nullptr) add_http_parser_subject(subjects);
  if (add_beast_subject != nullptr) add_beast_subject(subjects);
  add_quire_subjects(subjects);

  for (input const& in : inputs()) {
    for (subject const& s : subjects) {
      benchmark::RegisterBenchmark((in.name + "/" + s.name).c_str(),
                                   [&](benchmark::State& state) { run(state, in, s); });
    }
  }
  int count = static_cast<int>(rest.size());
  benchmark::Initialize(&count, rest.data());
  collector times;
  benchmark::RunSpecifiedBenchmarks(&times);
  print_table(times, subjects, base);
  return 0;
} catch (std::exception const& e) {
  std::fprintf(stderr, "parser_bench: %s\n", e.what());
  return 2;
}
