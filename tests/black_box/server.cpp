#include "tests/black_box/server.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <regex>
#include <stdexcept>

namespace quire::test {
namespace {

bool holds(std::vector<std::string> const& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

program_options with_arguments(program_options options, std::filesystem::path const& root,
                               std::vector<std::string> const& more) {
  options.arguments = serve_arguments(root, more);
  return options;
}

address parse_announcement(std::string const& line) {
  static std::regex const form(
      R"(quire: serving .* on http://(\[[0-9a-f:]+\]|[0-9.]+):([0-9]+)/ \([a-z]+, [0-9]+ workers?\))");
  std::smatch match;
  if (!std::regex_match(line, match, form)) throw std::runtime_error("no announcement: " + line);
  std::string host = match[1];
  if (host.front() == '[') host = host.substr(1, host.size() - 2);
  return {host, static_cast<std::uint16_t>(std::stoi(match[2]))};
}

}  // namespace

std::vector<std::string> serve_arguments(std::filesystem::path const& root,
                                         std::vector<std::string> const& more) {
  std::vector<std::string> words = {"serve", root.string(), "--listen", "127.0.0.1:0"};
  if (!holds(more, "--access-log")) words.insert(words.end(), {"--access-log", "off"});
  if (!holds(more, "--workers")) words.insert(words.end(), {"--workers", "2"});
  if (char const* const io = std::getenv("QUIRE_TEST_IO"); io != nullptr && !holds(more, "--io")) {
    words.insert(words.end(), {"--io", io});
  }
  words.insert(words.end(), more.begin(), more.end());
  return words;
}

server::server(std::filesystem::path const& root, std::vector<std::string> const& arguments,
               program_options options)
    : program_(with_arguments(std::move(options), root, arguments)) {
  auto const listeners =
      1 + std::count(arguments.begin(), arguments.end(), std::string("--listen"));
  for (std::ptrdiff_t i = 0; i != listeners; ++i) {
    auto const line = program_.read_line();
    if (!line) {
      throw std::runtime_error("the server ends with code " + std::to_string(program_.wait()) +
                               " before it listens: " + program_.error_output());
    }
    if (i == 0) announcement_ = *line;
    addresses_.push_back(parse_announcement(*line));
  }
}

server::~server() {
  if (ended_) return;
  try {
    program_.signal(stop_signal());
    EXPECT_EQ(program_.wait(), 0) << program_.error_output();
  } catch (std::exception const& e) {
    ADD_FAILURE() << e.what();
  }
}

int server::wait() {
  ended_ = true;
  return program_.wait();
}

std::string server::url(std::string_view target) const {
  std::string const host =
      where().host.find(':') == std::string::npos ? where().host : "[" + where().host + "]";
  return "http://" + host + ":" + std::to_string(where().port) + std::string(target);
}

}  // namespace quire::test
