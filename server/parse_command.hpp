// `quire parse`: shows what the parser makes of some octets, as one JSON object a line.
//
// Reads to the end of its input and keeps only what is not consumed yet. The output does not depend
// on the size of pages, on how the octets are fed, nor on which of the two parsers reads them; only
// content may be cut differently, unless it is joined.
#pragma once

#include <quire/parser/limits.hpp>
#include <quire/parser/policy.hpp>

#include <cstddef>
#include <iosfwd>
#include <string>

namespace quire::server {

struct parse_options {
  std::string file = "-";  // "-": standard input.
  bool response = false;
  std::string request_method = "GET";  // That the response answers.
  std::size_t page_size = 4096;
  std::size_t feed = 0;  // Octets at a time; 0: as they come.
  bool core = false;
  bool join = false;
  bool host_rules = false;
  bool default_limits = false;
  http::policy lenient;
};

// Exit codes of run_parse().
inline constexpr int parse_exit_complete = 0;
inline constexpr int parse_exit_refused = 1;
inline constexpr int parse_exit_incomplete = 3;

int run_parse(parse_options const& options, std::istream& in, std::ostream& out);

// Reads the file that the options name and writes to standard output. 2: there is no such file.
int run_parse_command(parse_options const& options);

}  // namespace quire::server
