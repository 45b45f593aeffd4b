#include "tests/black_box/program.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <sstream>
#include <stdexcept>
#include <utility>

extern char** environ;

namespace quire::test {
namespace {

std::string program_path() {
  char const* const given = std::getenv("QUIRE_PROGRAM");
  return given != nullptr ? given : QUIRE_PROGRAM;
}

std::vector<std::string> command_line(program_options const& options) {
  std::vector<std::string> words;
  if (char const* const launcher = std::getenv("QUIRE_LAUNCHER")) {
    std::istringstream in(launcher);
    for (std::string word; in >> word;) words.push_back(word);
  } else if (std::string const built_in = QUIRE_LAUNCHER; !built_in.empty()) {
    words.push_back(built_in);  // A path, in which there may be blanks.
  }
  words.insert(words.end(), options.launcher.begin(), options.launcher.end());
  words.push_back(program_path());
  words.insert(words.end(), options.arguments.begin(), options.arguments.end());
  return words;
}

// The settings of the person who runs the tests are none of theirs.
std::vector<std::string> environment(program_options const& options) {
  std::vector<std::string> variables;
  for (char** v = environ; *v != nullptr; ++v) {
    if (std::strncmp(*v, "QUIRE_", 6) != 0) variables.emplace_back(*v);
  }
  for (auto const& [name, value] : options.environment) variables.push_back(name + "=" + value);
  return variables;
}

std::vector<char*> pointers(std::vector<std::string>& words) {
  std::vector<char*> all;
  for (std::string& word : words) all.push_back(word.data());
  all.push_back(nullptr);
  return all;
}

}  // namespace

bool is_for_windows() {
  return program_path().ends_with(".exe");
}

int stop_signal() {
  return is_for_windows() ? SIGINT : SIGTERM;
}

program::program(program_options const& options) {
  std::vector<std::string> words = command_line(options);
  std::vector<std::string> variables = environment(options);
  std::vector<char*> const argv = pointers(words);
  std::vector<char*> const envp = pointers(variables);
  std::array<int, 2> ends{};
  std::FILE* const scratch = std::tmpfile();
  if (scratch == nullptr || ::pipe(ends.data()) != 0) throw std::runtime_error("no descriptors");
  error_ = ::fcntl(::fileno(scratch), F_DUPFD_CLOEXEC, 3);
  std::fclose(scratch);
  output_ = ends[0];
  ::fcntl(output_, F_SETFD, FD_CLOEXEC);
  id_ = ::fork();
  if (id_ < 0) throw std::runtime_error("cannot fork");
  if (id_ == 0) {  // Only what is safe between fork and exec.
    ::dup2(ends[1], STDOUT_FILENO);
    ::close(ends[1]);
    ::dup2(error_, STDERR_FILENO);
    if (!options.directory.empty() && ::chdir(options.directory.c_str()) != 0) ::_exit(126);
    if (options.open_files_max) {
      rlimit const limit{*options.open_files_max, *options.open_files_max};
      ::setrlimit(RLIMIT_NOFILE, &limit);
    }
    ::signal(SIGPIPE, SIG_DFL);
    ::execvpe(argv[0], argv.data(), envp.data());
    ::_exit(127);
  }
  ::close(ends[1]);
}

program::~program() {
  if (!exit_code_) {
    ::kill(id_, SIGKILL);
    ::waitpid(id_, nullptr, 0);
  }
  ::close(output_);
  ::close(error_);
}

void program::signal(int number) const {
  ::kill(id_, number);
}

// Waits for more of the standard output. False at its end.
bool program::fill() {
  pollfd event{output_, POLLIN, 0};
  auto const wait_ms = std::chrono::milliseconds(patience).count();
  if (::poll(&event, 1, static_cast<int>(wait_ms)) <= 0) {
    throw std::runtime_error("the program says nothing and does not end; so far: " +
                             error_output());
  }
  std::array<char, 65536> chunk;
  ssize_t const n = ::read(output_, chunk.data(), chunk.size());
  if (n > 0) pending_.append(chunk.data(), static_cast<std::size_t>(n));
  return n > 0;
}

std::optional<std::string> program::read_line() {
  std::size_t end;
  while ((end = pending_.find('\n')) == std::string::npos) {
    if (!fill()) return std::nullopt;
  }
  std::string line = pending_.substr(0, end);
  pending_.erase(0, end + 1);
  return line;
}

std::string program::read_rest() {
  while (fill()) {
  }
  return std::exchange(pending_, {});
}

std::string program::error_output() const {
  std::string text;
  std::array<char, 4096> chunk;
  for (;;) {
    ssize_t const n = ::pread(error_, chunk.data(), chunk.size(), static_cast<off_t>(text.size()));
    if (n <= 0) return text;
    text.append(chunk.data(), static_cast<std::size_t>(n));
  }
}

int program::wait() {
  if (exit_code_) return *exit_code_;
  while (fill()) {  // The standard output ends with the program.
  }
  int status = 0;
  while (::waitpid(id_, &status, 0) < 0 && errno == EINTR) {
  }
  exit_code_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return *exit_code_;
}

outcome run(program_options const& options) {
  program p(options);
  std::string output = p.read_rest();
  int const exit_code = p.wait();
  return {exit_code, std::move(output), p.error_output()};
}

}  // namespace quire::test
