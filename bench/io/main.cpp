// The I/O layer measured: its back ends beside each other, and beside the bare system calls.
//
//   quire_bench_io [--quick] [--rounds N] [--scale X] [--json FILE] [--list] [NAME...]
//
// Without names: all. Prints a table for each group of subjects; FILE is for run.py.
#include "bench/io/frame.hpp"
#include "bench/io/machine.hpp"

#include <algorithm>
#include <cstdlib>
#include <exception>
#include <stdexcept>

namespace {

using namespace quire::bench;

struct arguments {
  settings chosen;
  std::vector<std::string> names;
  std::string json;
  bool list = false;
};

arguments read_arguments(int argc, char** argv) {
  arguments a;
  for (int i = 1; i < argc; ++i) {
    std::string const word = argv[i];
    auto const value = [&]() -> std::string {
      if (i + 1 == argc) throw std::invalid_argument(word + " wants a value");
      return argv[++i];
    };
    if (word == "--quick") {
      a.chosen.quick = true;
      a.chosen.rounds = 1;
    } else if (word == "--rounds") {
      a.chosen.rounds = static_cast<unsigned>(std::max(1, std::stoi(value())));
    } else if (word == "--scale") {
      a.chosen.scale = std::stod(value());
    } else if (word == "--json") {
      a.json = value();
    } else if (word == "--list") {
      a.list = true;
    } else if (word.starts_with("-")) {
      throw std::invalid_argument("there is no option " + word +
                                  "; there are --quick, --rounds, --scale, --json and --list");
    } else {
      a.names.push_back(word);
    }
  }
  std::vector<bench> const all = benches();
  for (std::string const& name : a.names) {
    bool const known =
        std::any_of(all.begin(), all.end(), [&](bench const& b) { return b.name == name; });
    if (!known) throw std::invalid_argument("there is no bench " + name + "; --list shows them");
  }
  return a;
}

bool is_chosen(arguments const& a, bench const& b) {
  return a.names.empty() || std::find(a.names.begin(), a.names.end(), b.name) != a.names.end();
}

void save(std::string const& path, document const& d) {
  std::FILE* const out = std::fopen(path.c_str(), "w");
  if (out == nullptr) throw std::runtime_error("cannot write " + path);
  write_json(out, d);
  std::fclose(out);
}

}  // namespace

int main(int argc, char** argv) try {
  arguments const a = read_arguments(argc, argv);
  document d;
  d.chosen = a.chosen;
  for (bench const& b : benches()) {
    if (a.list)
      std::printf("%-10s %s\n", std::string(b.name).c_str(), std::string(b.summary).c_str());
    if (a.list || !is_chosen(a, b)) continue;
    d.benches.push_back(b);
    std::size_t const first = d.groups.size();
    b.add(a.chosen, d.groups);
    for (std::size_t i = first; i != d.groups.size(); ++i) {
      d.outcomes.push_back(run(d.groups[i], a.chosen));
      print(d.groups[i], d.outcomes[i]);
    }
  }
  std::printf("%s\n", std::string(caution()).c_str());
  if (!a.json.empty()) save(a.json, d);
  return 0;
} catch (std::invalid_argument const& e) {
  std::fprintf(stderr, "quire_bench_io: %s\n", e.what());
  return 2;
} catch (std::exception const& e) {
  std::fprintf(stderr, "quire_bench_io: %s\n", e.what());
  return 1;
}
