// `quire doctor` from outside, on machines that forbid something. Linux.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <sys/syscall.h>

#include <gtest/gtest.h>

#include <cerrno>
#include <filesystem>
#include <regex>

namespace quire::test {
namespace {

program_options doctor_options(std::vector<std::string> arguments) {
  program_options options;
  options.arguments = {"doctor"};
  options.arguments.insert(options.arguments.end(), arguments.begin(), arguments.end());
  return options;
}

outcome doctor_without(int system_call, int error, std::vector<std::string> arguments) {
  program_options options = doctor_options(std::move(arguments));
  options.launcher = {QUIRE_FORBID_SYSTEM_CALL, std::to_string(system_call), std::to_string(error)};
  return run(options);
}

// The verdict of the finding of this name in the JSON.
std::string verdict_of(outcome const& o, std::string const& name) {
  std::regex const form("\\{\"name\":\"" + name +
                        "\",\"value\":\"[^\"]*\",\"verdict\":\"([a-z]+)\"");
  std::smatch match;
  return std::regex_search(o.output, match, form) ? match[1].str() : "absent: " + o.output;
}

TEST(doctor, says_what_is_there_and_that_it_can_serve) {
  site const pages;
  pages.write("index.html", "x");
  outcome const o = run(doctor_options({pages.root().string()}));
  EXPECT_EQ(o.exit_code, 0) << o.error;
  EXPECT_EQ(o.error, "");
  for (char const* word : {"--io auto", "SINGLE_ISSUER", "open files", "net.core.somaxconn",
                           "direct reads", "uncached reads", "clock", "scan kernel", "kernel"}) {
    EXPECT_NE(o.output.find(word), std::string::npos) << word << " in\n" << o.output;
  }
  EXPECT_TRUE(o.output.ends_with("\nquire can serve here.\n")) << o.output;
}

TEST(doctor, says_where_changes_are_not_told) {
  // What lies there changes without a call that the kernel could tell of.
  outcome const blind = run(doctor_options({"/proc", "--json"}));
  EXPECT_EQ(blind.exit_code, 0) << blind.error;
  EXPECT_EQ(verdict_of(blind, "change notices"), "costs");
  EXPECT_NE(blind.output.find("three system calls"), std::string::npos) << blind.output;
  EXPECT_NE(blind.output.find("serve from a local file system"), std::string::npos) << blind.output;
  if (!std::filesystem::is_directory("/dev/shm")) GTEST_SKIP() << "there is no tmpfs";
  EXPECT_EQ(verdict_of(run(doctor_options({"/dev/shm", "--json"})), "change notices"), "good");
}

TEST(doctor, a_forbidden_io_uring_costs_and_does_not_fail) {
  site const pages;
  outcome const o = doctor_without(SYS_io_uring_setup, EPERM, {pages.root().string(), "--json"});
  EXPECT_EQ(o.exit_code, 0) << o.error;
  EXPECT_TRUE(o.output.starts_with("{\"serves\":true,")) << o.output;
  EXPECT_EQ(verdict_of(o, "--io uring"), "costs");
  EXPECT_EQ(verdict_of(o, "io_uring_setup"), "costs");
  // What could not be tried is not told.
  EXPECT_EQ(o.output.find("SINGLE_ISSUER"), std::string::npos);
  EXPECT_EQ(verdict_of(o, "--io epoll"), "good");
}

TEST(doctor, what_the_file_system_refuses_costs) {
  site const pages;
  pages.write("index.html", "x");
  std::vector<std::string> const arguments = {pages.root().string(), "--json"};
  outcome const reads = doctor_without(SYS_preadv2, EOPNOTSUPP, arguments);
  EXPECT_EQ(verdict_of(reads, "reads of what is in memory"), "costs");
  EXPECT_EQ(verdict_of(reads, "uncached reads"), "costs");
  outcome const opens = doctor_without(SYS_openat2, ENOSYS, arguments);
  EXPECT_EQ(verdict_of(opens, "opening below the root"), "costs");
  EXPECT_EQ(verdict_of(opens, "opening what is in memory"), "costs");
  // The file system of this directory may have none anyway.
  EXPECT_EQ(verdict_of(doctor_without(SYS_preadv, EINVAL, arguments), "direct reads"), "costs");
}

TEST(doctor, a_directory_that_is_not_there_is_fatal) {
  site const pages;
  pages.write("file", "x");
  for (char const* name : {"absent", "file"}) {
    outcome const o = run(doctor_options({(pages.root() / name).string(), "--json"}));
    EXPECT_EQ(o.exit_code, 1) << o.output;
    EXPECT_EQ(verdict_of(o, "directory"), "fatal");
  }
}

// The two must not contradict each other.
TEST(doctor, finds_the_limit_of_open_files_fatal_where_serve_does_not_start) {
  site const pages;
  for (std::uint64_t const limit : {336U, 337U}) {
    SCOPED_TRACE(limit);
    bool const enough = limit == 337;
    program_options asks = doctor_options({pages.root().string(), "--json"});
    asks.open_files_max = limit;
    outcome const o = run(asks);
    EXPECT_EQ(o.exit_code, enough ? 0 : 1);
    EXPECT_EQ(verdict_of(o, "open files"), enough ? "costs" : "fatal");
    program_options serves;
    serves.arguments = serve_arguments(pages.root(), {"--workers", "1"});
    serves.open_files_max = limit;
    EXPECT_EQ(program(serves).read_line().has_value(), enough);
  }
}

}  // namespace
}  // namespace quire::test
