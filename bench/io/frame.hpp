// The frame of the I/O benchmarks: what is measured, in which order, and how it is reported.
//
// A bench adds groups. A group is one question with several subjects that answer it, such as "echo,
// 64 connections" over each back end. The frame runs the subjects in turn, round after round (A B
// C, A B C, ...), so that whatever else the machine does falls on all of them, and reports for each
// metric the median, the least and the most, and the ratio of the medians to the first subject.
//
// A subject checks its own outcome (bytes echoed right, counts right) and throws std::runtime_error
// when it is wrong.
#pragma once

#include <cstddef>
#include <cstdio>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

namespace quire::bench {

struct settings {
  bool quick = false;  // Small counts: to see that it works, not how fast.
  unsigned rounds = 5;
  double scale = 1;  // Of the counts.

  // How many operations a round has.
  std::size_t count(std::size_t normal, std::size_t few) const {
    return quick ? few : static_cast<std::size_t>(static_cast<double>(normal) * scale);
  }
};

// The first metric of a group is its main one, of which less is better; plots show it.
struct metric {
  std::string name;
  std::string unit;
};

// One value for each metric, in their order.
using sample = std::vector<double>;

struct subject {
  std::string name;
  std::function<sample()> round;
};

struct group {
  std::string bench;
  std::string title;
  std::vector<metric> metrics;
  std::vector<subject> subjects;
};

struct bench {
  std::string_view name;
  std::string_view summary;
  // What is measured and how, in sentences.
  std::string_view note;
  void (*add)(settings const&, std::vector<group>&);
};

// Makes a bench known; a lesser rank stands before a greater one. For objects of static storage
// duration, one in the source file of each bench.
class registered_bench {
 public:
  registered_bench(int rank, bench const& b);
};
// All, in their order.
std::vector<bench> benches();

struct spread {
  double median = 0;
  double least = 0;
  double most = 0;
};

// Of a number of rounds that is not 0.
spread spread_of(std::vector<double> values);

// By subject, then by metric.
using outcome = std::vector<std::vector<spread>>;

// All rounds of a group.
outcome run(group const& g, settings const& s);

// The table for a terminal.
void print(group const& g, outcome const& o);

// What run.py makes documents of.
struct document {
  settings chosen;
  std::vector<bench> benches;
  std::vector<group> groups;
  std::vector<outcome> outcomes;
};
void write_json(std::FILE* out, document const& d);

}  // namespace quire::bench
