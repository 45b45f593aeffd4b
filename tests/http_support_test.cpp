// The tests that docs/http-support.md and the last table of docs/caching.md name exist, and the former has every
// section of the RFCs about the server.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

namespace {

namespace fs = std::filesystem;

std::string text_of(fs::path const& file) {
  std::ifstream in(file);
  return {std::istreambuf_iterator<char>(in), {}};
}

std::set<std::string> names_in(std::string const& text, std::regex const& form) {
  std::set<std::string> out;
  for (std::sregex_iterator match(text.begin(), text.end(), form), end; match != end; ++match) {
    out.insert((*match)[1].str() + "." + (*match)[2].str());
  }
  return out;
}

TEST(http_support, names_tests_that_exist) {
  fs::path const top = QUIRE_SOURCE_DIR;
  static std::regex const definition(R"re(TEST(?:_[FP])?\(\s*(\w+),\s*(\w+)\s*\))re");
  static std::regex const mention(R"re(`(\w+)\.(?!hpp`)(\w+)`)re");
  std::set<std::string> tests;
  for (auto const& entry : fs::recursive_directory_iterator(top / "tests")) {
    if (entry.path().extension() == ".cpp")
      tests.merge(names_in(text_of(entry.path()), definition));
  }
  std::set<std::string> mentioned = names_in(text_of(top / "docs/http-support.md"), mention);
  EXPECT_GT(mentioned.size(), 20u);
  std::string const caching = text_of(top / "docs/caching.md");
  std::size_t const table = caching.find("## What may go wrong");
  ASSERT_NE(table, std::string::npos);
  std::set<std::string> of_table = names_in(caching.substr(table), mention);
  EXPECT_GT(of_table.size(), 20u);
  mentioned.merge(of_table);
  for (auto const& name : mentioned) EXPECT_TRUE(tests.contains(name)) << name << " is no test";
}

// "14.1, 14.2" or "17.7 to 17.10".
std::set<std::string> sections_in(std::string const& cell) {
  static std::regex const item(R"re((\d+(?:\.\d+)*)(?: to (\d+(?:\.\d+)*))?)re");
  std::set<std::string> out;
  for (std::sregex_iterator match(cell.begin(), cell.end(), item), end; match != end; ++match) {
    std::string const first = (*match)[1];
    std::string const last = (*match)[2].matched ? (*match)[2].str() : first;
    std::size_t const dot = first.rfind('.') == std::string::npos ? 0 : first.rfind('.') + 1;
    for (int n = std::stoi(first.substr(dot)); n <= std::stoi(last.substr(dot)); ++n) {
      out.insert(first.substr(0, dot) + std::to_string(n));
    }
  }
  return out;
}

// Those that the rows of a table name, which stands below a heading.
std::set<std::string> sections_below(std::string const& text, std::string const& heading) {
  std::size_t const begin = text.find(heading);
  EXPECT_NE(begin, std::string::npos) << heading;
  std::string const part = text.substr(begin, text.find("\n## ", begin + 1) - begin);
  static std::regex const row(R"re(\n\| ([0-9][^|]*) \|)re");
  std::set<std::string> out;
  for (std::sregex_iterator match(part.begin(), part.end(), row), end; match != end; ++match) {
    out.merge(sections_in((*match)[1]));
  }
  return out;
}

// How many sections there are below each; "" is the whole text.
using contents = std::map<std::string, int>;

// It is named itself, or all below it are.
bool covers(std::set<std::string> const& named, contents const& all, std::string const& section) {
  if (named.contains(section)) return true;
  auto const below = all.find(section);
  if (below == all.end()) return false;
  bool whole = true;
  for (int n = 1; n <= below->second; ++n) {
    std::string const one = (section.empty() ? "" : section + ".") + std::to_string(n);
    bool const is_covered = covers(named, all, one);
    if (!is_covered && !all.contains(one)) ADD_FAILURE() << "section " << one << " has no row";
    whole = whole && is_covered;
  }
  return whole;
}

TEST(http_support, has_every_section) {
  std::string const text = text_of(fs::path(QUIRE_SOURCE_DIR) / "docs/http-support.md");
  contents const rfc_9110 = {
      {"", 18},    {"2", 5},    {"3", 9},     {"4", 3},    {"4.2", 5},  {"4.3", 5},  {"5", 6},
      {"5.6", 7},  {"6", 6},    {"6.4", 2},   {"6.5", 2},  {"6.6", 2},  {"7", 8},    {"7.3", 3},
      {"7.6", 3},  {"8", 8},    {"8.3", 3},   {"8.8", 3},  {"9", 3},    {"9.2", 3},  {"9.3", 8},
      {"10", 2},   {"10.1", 5}, {"10.2", 4},  {"11", 7},   {"12", 5},   {"12.4", 3}, {"12.5", 5},
      {"13", 2},   {"13.1", 5}, {"13.2", 2},  {"14", 6},   {"14.1", 2}, {"15", 6},   {"15.2", 2},
      {"15.3", 7}, {"15.4", 9}, {"15.5", 22}, {"15.6", 6}, {"17", 17}};
  contents const rfc_9111 = {{"", 8},    {"3", 5}, {"4", 4},  {"4.2", 4},
                             {"4.3", 5}, {"5", 5}, {"5.2", 4}};
  EXPECT_TRUE(covers(sections_below(text, "## The semantics of RFC 9110"), rfc_9110, ""));
  EXPECT_TRUE(covers(sections_below(text, "## Caching, RFC 9111"), rfc_9111, ""));
}

}  // namespace
