// The program under test, as a child process. POSIX.
//
// Which program: the environment variable QUIRE_PROGRAM, else the one that was built beside the
// test. QUIRE_LAUNCHER goes before it, as in `wine` or `valgrind -q`. A program for Windows is
// stopped by SIGINT, which Wine tells it as Ctrl-C: of other signals it does not tell.
#pragma once

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace quire::test {

// Long enough for a busy machine and a sanitizer; nothing waits so long when all is well.
inline constexpr std::chrono::seconds patience{60};

// True when the program under test is one for Windows: its name ends in .exe.
bool is_for_windows();
// What asks the program to stop.
int stop_signal();

struct program_options {
  std::vector<std::string> arguments;
  std::map<std::string, std::string> environment;  // Beside what the test itself was given.
  std::optional<std::uint64_t> open_files_max;     // As by `ulimit -n`.
  std::string directory;                           // To start in; empty: that of the test.
  std::vector<std::string> launcher = {};          // Goes before the program, and starts it.
};

class program {
 public:
  explicit program(program_options const& options);
  // A program that still runs is killed.
  ~program();
  program(program const&) = delete;
  program& operator=(program const&) = delete;

  pid_t id() const { return id_; }
  void signal(int number) const;
  // The next line of the standard output without its line feed; nothing at the end.
  std::optional<std::string> read_line();
  // What is left of the standard output, read until the program ends.
  std::string read_rest();
  // What stands on the standard error by now.
  std::string error_output() const;
  // Waits for the end. The exit code, or 128 and the signal that ended it.
  int wait();

 private:
  bool fill();

  pid_t id_ = -1;
  int output_ = -1;
  int error_ = -1;
  std::string pending_;
  std::optional<int> exit_code_;
};

// A run from begin to end.
struct outcome {
  int exit_code;
  std::string output;
  std::string error;
};
outcome run(program_options const& options);

}  // namespace quire::test
