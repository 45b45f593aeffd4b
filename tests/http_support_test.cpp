// The tests that docs/http-support.md names exist.
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
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
  std::set<std::string> const mentioned = names_in(text_of(top / "docs/http-support.md"), mention);
  EXPECT_GT(mentioned.size(), 20u);
  for (auto const& name : mentioned) EXPECT_TRUE(tests.contains(name)) << name << " is no test";
}

}  // namespace
