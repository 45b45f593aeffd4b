#include <quire/parser/scan.hpp>
#include <quire/server/doctor.hpp>
#include <quire/server/exit_code.hpp>
#include <quire/server/json_text.hpp>
#include <quire/server/machine.hpp>

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>

namespace quire::server {
namespace {

std::vector<finding> examine_back_ends(std::span<back_end const> back_ends) {
  std::vector<finding> found;
  back_end_choice const choice = choose_back_end(back_ends, "auto");
  if (choice.chosen == nullptr) {
    found.push_back(
        {"--io auto", "nothing", verdict::fatal, "no back end works: " + choice.note, {}});
  } else {
    found.push_back({"--io auto", std::string(choice.chosen->name), verdict::good});
  }
  for (std::string_view const name : back_end_names) {
    auto const it = std::find_if(back_ends.begin(), back_ends.end(),
                                 [&](back_end const& b) { return b.name == name; });
    std::string const title = fmt::format("--io {}", name);
    if (it == back_ends.end()) {
      found.push_back({title, "not built into this program"});
      continue;
    }
    std::string const obstacle = it->obstacle();
    if (obstacle.empty()) {
      found.push_back({title, "works", verdict::good});
    } else {
      found.push_back({title, "does not work", verdict::costs, obstacle, {}});
    }
  }
  return found;
}

finding examine_parser() {
  http::scan::kernel const* best = nullptr;
  std::string all;
  for (http::scan::kernel const* const* k = http::scan::available_kernels(); *k != nullptr; ++k) {
    all += fmt::format("{}{}", all.empty() ? "" : ", ", (*k)->name);
    best = *k;
  }
  finding f{"scan kernel", fmt::format("{} (of {})", best->name, all), verdict::good};
  if (http::scan::available_kernels()[1] == nullptr) {
    f.judged = verdict::costs;
    f.cost = "requests are scanned an octet at a time: several times the work for long fields";
    f.advice = "a virtual machine should pass the processor's features on";
  }
  return f;
}

finding examine_root(std::string const& root) {
  std::error_code error;
  auto const status = std::filesystem::status(root, error);
  if (std::filesystem::is_directory(status)) {
    std::filesystem::directory_iterator const first(root, error);
    if (!error) return {"directory", root, verdict::good};
  }
  bool const absent = status.type() == std::filesystem::file_type::not_found;
  std::string const why = absent  ? "there is no such directory"
                          : error ? error.message()
                                  : "it is not a directory";
  return {"directory", root, verdict::fatal, why, "name a directory that this user may read"};
}

std::string_view mark(verdict v) noexcept {
  switch (v) {
    case verdict::good:
      return "ok";
    case verdict::fact:
      return "";
    case verdict::costs:
      return "-";
    case verdict::fatal:
      return "FAIL";
  }
  return "";
}

void append_member(std::string& out, std::string_view name, std::string_view text) {
  out += fmt::format(R"("{}":")", name);
  // A name of a directory may be any octets.
  std::string printable(text);
  if (!is_utf8(text)) {
    std::replace_if(
        printable.begin(), printable.end(), [](char c) { return (c & 0x80) != 0; }, '?');
  }
  append_json_text(out, printable);
  out += '"';
}

}  // namespace

std::vector<finding_group> examine(std::span<back_end const> back_ends, std::string const& root) {
  std::vector<finding_group> groups;
  groups.push_back({"Input and output", examine_back_ends(back_ends)});
  for (back_end const& b : back_ends) {
    if (b.examine != nullptr) groups.push_back({fmt::format("--io {} needs", b.name), b.examine()});
  }
  groups.push_back({"Limits", examine_limits()});
  groups.push_back({"Network", examine_network()});
  std::vector<finding> files = {examine_root(root)};
  if (files.front().judged != verdict::fatal) {
    for (finding& f : examine_files(root)) files.push_back(std::move(f));
  }
  groups.push_back({"Files", std::move(files)});
  std::vector<finding> processors = examine_processors();
  processors.push_back(examine_parser());
  groups.push_back({"Processors", std::move(processors)});
  return groups;
}

bool can_serve(std::vector<finding_group> const& groups) noexcept {
  for (finding_group const& g : groups) {
    for (finding const& f : g.findings) {
      if (f.judged == verdict::fatal) return false;
    }
  }
  return true;
}

std::string report_text(std::vector<finding_group> const& groups) {
  std::size_t width = 0;
  for (finding_group const& g : groups) {
    for (finding const& f : g.findings) width = std::max(width, f.name.size());
  }
  std::string text;
  for (finding_group const& g : groups) {
    if (g.findings.empty()) continue;
    text += fmt::format("{}{}\n", text.empty() ? "" : "\n", g.title);
    for (finding const& f : g.findings) {
      text += fmt::format("  {:4}  {:{}}  {}\n", mark(f.judged), f.name, width, f.value);
      if (!f.cost.empty()) text += fmt::format("        {:{}}  cost: {}\n", "", width, f.cost);
      if (!f.advice.empty()) text += fmt::format("        {:{}}  do: {}\n", "", width, f.advice);
    }
  }
  return text + (can_serve(groups) ? "\nquire can serve here.\n" : "\nquire cannot serve here.\n");
}

std::string report_json(std::vector<finding_group> const& groups) {
  std::string out = fmt::format(R"({{"serves":{},"groups":[)", can_serve(groups));
  for (finding_group const& g : groups) {
    out += &g == &groups.front() ? "{" : ",{";
    append_member(out, "title", g.title);
    out += R"(,"findings":[)";
    for (finding const& f : g.findings) {
      out += &f == &g.findings.front() ? "{" : ",{";
      append_member(out, "name", f.name);
      append_member(out += ',', "value", f.value);
      append_member(out += ',', "verdict", name(f.judged));
      append_member(out += ',', "cost", f.cost);
      append_member(out += ',', "advice", f.advice);
      out += '}';
    }
    out += "]}";
  }
  return out + "]}\n";
}

int run_doctor_command(std::span<back_end const> back_ends, doctor_options const& o) {
  std::vector<finding_group> const groups = examine(back_ends, o.root);
  fmt::print("{}", o.json ? report_json(groups) : report_text(groups));
  return can_serve(groups) ? 0 : exit_failure;
}

}  // namespace quire::server
