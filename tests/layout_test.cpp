// The rules of docs/architecture.md about who may include whom, read off the #include lines.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

struct inclusion {
  std::string file;    // Relative to the top of the tree.
  std::string header;  // Between the brackets or quotes.
};

std::vector<inclusion> inclusions_below(std::string const& folder) {
  static std::regex const line_form(R"re(^\s*#\s*include\s*[<"]([^>"]+)[>"])re");
  std::vector<inclusion> found;
  fs::path const top = QUIRE_SOURCE_DIR;
  for (auto const& entry : fs::recursive_directory_iterator(top / folder)) {
    std::string const extension = entry.path().extension().string();
    if (extension != ".hpp" && extension != ".cpp" && extension != ".inc") continue;
    std::ifstream in(entry.path());
    std::smatch match;
    for (std::string line; std::getline(in, line);) {
      if (std::regex_search(line, match, line_form)) {
        found.push_back({fs::relative(entry.path(), top).generic_string(), match[1]});
      }
    }
  }
  return found;
}

bool starts_with_any(std::string const& text, std::vector<std::string> const& beginnings) {
  return std::any_of(beginnings.begin(), beginnings.end(),
                     [&](std::string const& b) { return text.starts_with(b); });
}

// Every header of quire that a file of `folder` includes starts with one of `allowed`.
void expect_only(std::string const& folder, std::vector<std::string> const& allowed) {
  std::vector<inclusion> const all = inclusions_below(folder);
  EXPECT_FALSE(all.empty()) << "nothing was read below " << folder;
  for (auto const& [file, header] : all) {
    if (!header.starts_with("quire/")) continue;
    EXPECT_TRUE(starts_with_any(header, allowed)) << file << " must not include <" << header << ">";
  }
}

TEST(layout, buffer_includes_nothing_of_the_other_layers) {
  expect_only("buffer", {"quire/buffer/"});
}

TEST(layout, parser_includes_only_itself_and_its_buffer_parser_the_buffer) {
  expect_only("parser", {"quire/parser/", "quire/buffer/"});
  for (auto const& [file, header] : inclusions_below("parser")) {
    if (!header.starts_with("quire/buffer/")) continue;
    EXPECT_TRUE(file.starts_with("parser/buffer_parser")) << file << " must not include " << header;
  }
}

TEST(layout, io_includes_only_itself_and_the_buffer) {
  expect_only("io", {"quire/io/", "quire/buffer/"});
}

TEST(layout, site_includes_no_io) {
  expect_only("server/site", {"quire/server/site/", "quire/parser/"});
}

TEST(layout, only_the_files_of_server_back_end_name_a_back_end) {
  std::vector<std::string> const back_ends = {"quire/io/epoll/", "quire/io/uring/",
                                              "quire/io/iocp/", "quire/io/asio/", "quire/io/sim/"};
  for (auto const& [file, header] : inclusions_below("server")) {
    if (file.starts_with("server/back_end/")) continue;
    EXPECT_FALSE(starts_with_any(header, back_ends))
        << file << " must not include <" << header << ">";
  }
}

TEST(layout, operating_system_headers_stay_in_folders_named_after_a_platform) {
  std::vector<std::string> const system_headers = {
      "sys/",      "linux/",   "netinet/", "arpa/",      "windows.h", "winsock2.h", "ws2tcpip.h",
      "mswsock.h", "unistd.h", "fcntl.h",  "poll.h",     "netdb.h",   "pthread.h",  "dirent.h",
      "signal.h",  "pwd.h",    "grp.h",    "liburing.h", "io.h",      "boost/"};
  std::regex const platform_folder("/(posix|linux|windows|epoll|uring|iocp|asio)/");
  for (auto const& folder : {"buffer", "parser", "io", "server"}) {
    for (auto const& [file, header] : inclusions_below(folder)) {
      if (!starts_with_any(header, system_headers)) continue;
      EXPECT_TRUE(std::regex_search(file, platform_folder))
          << file << " must not include <" << header << ">";
    }
  }
}

TEST(layout, only_the_adapters_for_coroutines_know_of_them) {
  std::vector<std::string> const adapters = {"io/awaitable.hpp", "io/task.hpp"};
  for (auto const& folder : {"buffer", "parser", "io", "server"}) {
    for (auto const& [file, header] : inclusions_below(folder)) {
      bool const of_coroutines = header == "coroutine" || header == "quire/io/awaitable.hpp" ||
                                 header == "quire/io/task.hpp";
      if (!of_coroutines || starts_with_any(file, adapters)) continue;
      ADD_FAILURE() << file << " must not include <" << header << ">";
    }
  }
}

// What the first group of `form` matches in the lines of a file.
std::set<std::string> matches_in(fs::path const& file, std::regex const& form) {
  std::set<std::string> found;
  std::ifstream in(file);
  std::smatch match;
  for (std::string line; std::getline(in, line);) {
    if (std::regex_search(line, match, form)) found.insert(match[1]);
  }
  return found;
}

TEST(layout, each_clause_of_the_contract_has_a_test_that_names_it_and_each_such_test_a_clause) {
  fs::path const top = QUIRE_SOURCE_DIR;
  std::set<std::string> clauses;
  for (std::string number : matches_in(top / "io/contract.hpp", std::regex(R"(^// +(\d+)\. )"))) {
    clauses.insert(number.insert(0, 2 - number.size(), '0'));
  }
  ASSERT_GE(clauses.size(), 27u);
  std::set<std::string> proved;
  for (auto const& entry : fs::directory_iterator(top / "tests/io")) {
    proved.merge(matches_in(entry.path(), std::regex(R"(^TYPED_TEST\(.*, contract_(\d+)_)")));
  }
  EXPECT_EQ(proved, clauses);
}

TEST(layout, sources_stay_short) {
  for (auto const& folder :
       {"buffer", "parser", "io", "server", "tests", "fuzz", "bench", "examples"}) {
    fs::path const path = fs::path(QUIRE_SOURCE_DIR) / folder;
    if (!fs::exists(path)) continue;
    for (auto const& entry : fs::recursive_directory_iterator(path)) {
      std::string const extension = entry.path().extension().string();
      if (extension != ".hpp" && extension != ".cpp" && extension != ".py") continue;
      std::ifstream in(entry.path());
      auto const lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
      EXPECT_LE(lines, 600) << entry.path() << " wants to be two files";
    }
  }
}

}  // namespace
