#include "bench/io/frame.hpp"

#include "bench/io/machine.hpp"

#include <algorithm>
#include <map>
#include <stdexcept>

namespace quire::bench {
namespace {

std::string quoted(std::string_view text) {
  std::string out = "\"";
  for (char const c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out += '"';
}

// "1.23", "45.6", "789", "12.3k", "4.56M": three digits that count.
std::string short_number(double value) {
  char const* suffix = "";
  if (value >= 999.5e3) {
    value /= 1e6;
    suffix = "M";
  } else if (value >= 9999.5) {
    value /= 1e3;
    suffix = "k";
  }
  char text[32];
  int const decimals = value < 9.995 ? 2 : value < 99.95 ? 1 : 0;
  std::snprintf(text, sizeof text, "%.*f%s", decimals, value, suffix);
  return text;
}

std::string text_of(spread const& s) {
  return short_number(s.median) + " (" + short_number(s.least) + ".." + short_number(s.most) + ")";
}

void write_subject(std::FILE* out, std::string const& name, std::vector<spread> const& values) {
  std::fprintf(out, "{\"name\": %s, \"values\": [", quoted(name).c_str());
  for (std::size_t i = 0; i != values.size(); ++i) {
    std::fprintf(out, "%s[%.6g, %.6g, %.6g]", i == 0 ? "" : ", ", values[i].median, values[i].least,
                 values[i].most);
  }
  std::fprintf(out, "]}");
}

void write_group(std::FILE* out, group const& g, outcome const& o) {
  std::fprintf(out, "{\"bench\": %s, \"title\": %s, \"metrics\": [", quoted(g.bench).c_str(),
               quoted(g.title).c_str());
  for (std::size_t i = 0; i != g.metrics.size(); ++i) {
    std::fprintf(out, "%s[%s, %s]", i == 0 ? "" : ", ", quoted(g.metrics[i].name).c_str(),
                 quoted(g.metrics[i].unit).c_str());
  }
  std::fprintf(out, "], \"subjects\": [");
  for (std::size_t i = 0; i != g.subjects.size(); ++i) {
    std::fprintf(out, "%s\n    ", i == 0 ? "" : ",");
    write_subject(out, g.subjects[i].name, o[i]);
  }
  std::fprintf(out, "]}");
}

// By rank.
std::map<int, bench>& known() {
  static std::map<int, bench> all;
  return all;
}

}  // namespace

registered_bench::registered_bench(int rank, bench const& b) {
  known().emplace(rank, b);
}

std::vector<bench> benches() {
  std::vector<bench> all;
  for (auto const& [rank, b] : known()) all.push_back(b);
  return all;
}

spread spread_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::size_t const half = values.size() / 2;
  double const median =
      values.size() % 2 == 1 ? values[half] : (values[half - 1] + values[half]) / 2;
  return {median, values.front(), values.back()};
}

outcome run(group const& g, settings const& s) {
  std::vector<std::vector<std::vector<double>>> values(
      g.subjects.size(), std::vector<std::vector<double>>(g.metrics.size()));
  for (unsigned round = 0; round != s.rounds; ++round) {
    for (std::size_t i = 0; i != g.subjects.size(); ++i) {
      sample const one = g.subjects[i].round();
      if (one.size() != g.metrics.size()) throw std::logic_error(g.title + ": a value is missing");
      for (std::size_t m = 0; m != one.size(); ++m) values[i][m].push_back(one[m]);
    }
  }
  outcome o(g.subjects.size());
  for (std::size_t i = 0; i != g.subjects.size(); ++i) {
    for (auto const& all : values[i]) o[i].push_back(spread_of(all));
  }
  return o;
}

void print(group const& g, outcome const& o) {
  std::printf("\n%s: %s\n%-44s", g.bench.c_str(), g.title.c_str(), "");
  for (metric const& m : g.metrics) {
    std::printf("%26s", (m.unit.empty() ? m.name : m.name + ", " + m.unit).c_str());
  }
  std::printf("%8s\n", "ratio");
  for (std::size_t i = 0; i != g.subjects.size(); ++i) {
    std::printf("  %-42s", g.subjects[i].name.c_str());
    for (spread const& s : o[i]) std::printf("%26s", text_of(s).c_str());
    double const first = o[0][0].median;
    if (first > 0) std::printf("%8.2f", o[i][0].median / first);
    std::printf("\n");
  }
  std::fflush(stdout);
}

void write_json(std::FILE* out, document const& d) {
  std::fprintf(out, "{\"rounds\": %u, \"caution\": %s, \"benches\": [", d.chosen.rounds,
               quoted(caution()).c_str());
  for (std::size_t i = 0; i != d.benches.size(); ++i) {
    std::fprintf(out, "%s\n  {\"name\": %s, \"summary\": %s, \"note\": %s}", i == 0 ? "" : ",",
                 quoted(d.benches[i].name).c_str(), quoted(d.benches[i].summary).c_str(),
                 quoted(d.benches[i].note).c_str());
  }
  std::fprintf(out, "],\n\"groups\": [");
  for (std::size_t i = 0; i != d.groups.size(); ++i) {
    std::fprintf(out, "%s\n  ", i == 0 ? "" : ",");
    write_group(out, d.groups[i], d.outcomes[i]);
  }
  std::fprintf(out, "]}\n");
}

}  // namespace quire::bench
