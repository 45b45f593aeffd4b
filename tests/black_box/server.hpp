// `quire serve` on a free port of the loopback address, for one test.
//
// The back end is the one that the environment variable QUIRE_TEST_IO names, else the program's
// choice.
#pragma once

#include "tests/black_box/program.hpp"

#include <csignal>
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace quire::test {

// Where a server listens.
struct address {
  std::string host;  // Without brackets.
  std::uint16_t port = 0;
};

class server {
 public:
  // Returns when the server listens. No access log and two workers, unless the arguments say
  // otherwise;
  // `--listen` in them adds an address.
  explicit server(std::filesystem::path const& root, std::vector<std::string> const& arguments = {},
                  program_options options = {});
  // Stops the server, and expects that it ends well.
  ~server();

  address const& where() const { return addresses_.front(); }
  std::vector<address> const& addresses() const { return addresses_; }
  std::string const& announcement() const { return announcement_; }
  std::string error_output() const { return program_.error_output(); }
  std::string url(std::string_view target) const;

  program& process() { return program_; }
  void signal(int number) const { program_.signal(number); }
  // Waits for the end. The exit code.
  int wait();

 private:
  program program_;
  std::vector<address> addresses_;
  std::string announcement_;
  bool ended_ = false;
};

// The arguments that start a server as class server does.
std::vector<std::string> serve_arguments(std::filesystem::path const& root,
                                         std::vector<std::string> const& more);

}  // namespace quire::test
