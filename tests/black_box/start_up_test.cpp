// What the program says before it serves: versions, help, and one sentence on what is wrong.
#include "tests/black_box/client.hpp"
#include "tests/black_box/site.hpp"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdio>

namespace quire::test {
namespace {

constexpr int failure = 1;
constexpr int usage = 2;

outcome run_words(std::vector<std::string> words) {
  return run(
      {.arguments = std::move(words), .environment = {}, .open_files_max = {}, .directory = {}});
}
outcome serve(std::filesystem::path const& root, std::vector<std::string> const& more) {
  return run_words(serve_arguments(root, more));
}

// One sentence on the standard error that holds `word`, nothing on the standard output.
void expect_sentence(outcome const& o, int exit_code, std::string_view word) {
  EXPECT_EQ(o.exit_code, exit_code) << o.error;
  EXPECT_EQ(o.output, "");
  EXPECT_TRUE(o.error.starts_with("quire: ")) << o.error;
  EXPECT_EQ(std::count(o.error.begin(), o.error.end(), '\n'), 1) << o.error;
  EXPECT_TRUE(o.error.ends_with('\n')) << o.error;
  EXPECT_NE(o.error.find(word), std::string::npos) << o.error;
}

TEST(start_up, version_and_help_are_printed) {
  outcome const version = run_words({"--version"});
  EXPECT_EQ(version.exit_code, 0);
  EXPECT_TRUE(version.output.starts_with("quire ")) << version.output;
  EXPECT_TRUE(std::isdigit(static_cast<unsigned char>(version.output.at(6)))) << version.output;
  for (std::vector<std::string> const& words :
       {std::vector<std::string>{"help"}, {"--help"}, {"help", "serve"}, {"serve", "--help"}}) {
    outcome const o = run_words(words);
    EXPECT_EQ(o.exit_code, 0) << words[0];
    EXPECT_EQ(o.error, "") << words[0];
    EXPECT_NE(o.output.find("serve"), std::string::npos) << o.output;
  }
  std::string const serve_help = run_words({"help", "serve"}).output;
  for (char const* option :
       {"--listen", "--workers", "--io", "--file-io", "--cache-size", "--revalidate", "--compress",
        "--precompressed", "--access-log", "--drain-timeout", "--header-timeout", "--body-timeout",
        "--send-timeout", "--idle-timeout"}) {
    EXPECT_NE(serve_help.find(option), std::string::npos) << option;
  }
}

TEST(start_up, a_way_to_read_files_that_there_is_not_is_refused) {
  site const pages;
  expect_sentence(serve(pages.root(), {"--file-io", "mmap"}), 2,
                  "--file-io takes auto, direct, uncached or buffered, not 'mmap'");
}

TEST(start_up, a_time_without_looks_that_is_none_is_refused) {
  site const pages;
  for (char const* value : {"never", "-1", "1.5", "86400001", "99999999999999999999"}) {
    expect_sentence(serve(pages.root(), {std::string("--revalidate=") + value}), 2,
                    "--revalidate takes auto, or a whole number from 0 to 86400000 ms, not '" +
                        std::string(value) + "'");
  }
}

TEST(start_up, the_announcement_names_root_address_and_back_end) {
  site const pages;
  server s(pages.root(), {"--workers", "1"});
  EXPECT_TRUE(s.announcement().starts_with("quire: serving " + pages.root().string() +
                                           " on http://127.0.0.1:"))
      << s.announcement();
  EXPECT_TRUE(s.announcement().ends_with(", 1 worker)")) << s.announcement();
}

TEST(start_up, the_current_directory_is_served_by_default) {
  site const pages;
  pages.write("page.html", "page");
  program p({.arguments = {"serve", "--listen", "127.0.0.1:0", "--access-log", "off"},
             .environment = {},
             .open_files_max = {},
             .directory = pages.root().string()});
  std::string const line = p.read_line().value_or("nothing");
  std::size_t const colon = line.rfind(":", line.find("/ ("));
  ASSERT_NE(colon, std::string::npos) << line;
  client c(address{"127.0.0.1", static_cast<std::uint16_t>(std::stoi(line.substr(colon + 1)))});
  c.send(get("/page.html"));
  EXPECT_EQ(c.read().content, "page");
  p.signal(stop_signal());
  EXPECT_EQ(p.wait(), 0);
}

TEST(start_up, settings_come_from_the_environment_and_flags_win) {
  site const pages;
  pages.write("index.html", "x");
  program_options options;
  options.environment = {{"QUIRE_FIELD_COUNT_MAX", "3"}, {"QUIRE_WORKERS", "1"}};
  {
    server s(pages.root(), {}, options);
    EXPECT_EQ(fetch(s, "/", "A: 1\r\nA: 2\r\nA: 3\r\n").status, 431);
  }
  server s(pages.root(), {"--field-count-max", "10"}, options);
  EXPECT_EQ(fetch(s, "/", "A: 1\r\nA: 2\r\nA: 3\r\n").status, 200);
}

TEST(start_up, a_root_that_cannot_be_served_is_a_failure) {
  site const pages;
  pages.write("file.txt", "x");
  expect_sentence(serve(pages.root() / "absent", {}), failure, "absent");
  expect_sentence(serve(pages.root() / "file.txt", {}), failure, "not a directory");
  expect_sentence(serve(pages.root() / "file.txt" / "below", {}), failure, "file.txt");
  pages.link("loop", "loop");
  expect_sentence(serve(pages.root() / "loop", {}), failure, "loop");
  expect_sentence(serve("/" + std::string(5000, 'n'), {}), failure, "nnn");
}

TEST(start_up, a_port_that_is_in_use_is_a_failure) {
  site const pages;
  server first(pages.root());
  std::string const at = "127.0.0.1:" + std::to_string(first.where().port);
  for (char const* workers : {"1", "2"}) {
    expect_sentence(
        run_words({"serve", pages.root().string(), "--listen", at, "--workers", workers}), failure,
        at);
    // Nothing is half started: the other address is not announced either.
    expect_sentence(serve(pages.root(), {"--listen", at, "--workers", workers}), failure, at);
  }
  EXPECT_EQ(fetch(first, "/").status / 100, 4);  // The first one is not disturbed.
}

TEST(start_up, an_address_of_another_machine_is_a_failure) {
  site const pages;
  expect_sentence(serve(pages.root(), {"--listen", "192.0.2.1:0"}), failure, "192.0.2.1");
}

TEST(start_up, an_access_log_that_cannot_be_written_is_a_failure) {
  site const pages;
  std::string const file = (pages.root() / "absent" / "access.log").string();
  expect_sentence(serve(pages.root(), {"--access-log", file}), failure, file);
  expect_sentence(serve(pages.root(), {"--access-log", pages.root().string()}), failure,
                  pages.root().string());
}

TEST(start_up, a_limit_of_open_files_that_is_too_low_is_a_failure) {
  site const pages;
  program_options options;
  options.arguments = serve_arguments(pages.root(), {});
  options.open_files_max = 24;
  expect_sentence(run(options), failure, "24");
}

TEST(start_up, a_modest_limit_of_open_files_is_enough) {
  site const pages;
  pages.write("index.html", "x");
  program_options options;
  options.open_files_max = 1024;
  server s(pages.root(), {}, options);
  EXPECT_EQ(fetch(s, "/").status, 200);
}

TEST(start_up, what_nobody_knows_is_a_usage_error) {
  site const pages;
  expect_sentence(run_words({"frobnicate"}), usage, "frobnicate");
  expect_sentence(run_words({"help", "frobnicate"}), usage, "frobnicate");
  expect_sentence(run_words({"--frobnicate"}), usage, "--frobnicate");
  expect_sentence(serve(pages.root(), {"--frobnicate"}), usage, "--frobnicate");
  expect_sentence(serve(pages.root(), {"--frobnicate=1"}), usage, "--frobnicate");
  expect_sentence(serve(pages.root(), {"another-directory"}), usage, "another-directory");
  expect_sentence(serve(pages.root(), {"-x"}), usage, "-x");
}

TEST(start_up, a_back_end_that_nobody_knows_is_a_usage_error) {
  site const pages;
  for (char const* io : {"", "Epoll", "kqueue", "epoll,uring"}) {
    expect_sentence(serve(pages.root(), {"--io", io}), usage, "--io");
  }
}

TEST(start_up, a_back_end_of_another_platform_is_a_usage_error) {
  site const pages;
  std::string const other = is_for_windows() ? "epoll" : "iocp";
  expect_sentence(serve(pages.root(), {"--io", other}), usage, "not built into this program");
}

TEST(start_up, a_coding_that_is_none_is_a_usage_error) {
  site const pages;
  for (char const* option : {"--compress", "--precompressed"}) {
    expect_sentence(serve(pages.root(), {option, "deflate"}), usage, option);
    expect_sentence(serve(pages.root(), {option, "gzip,"}), usage, option);
    expect_sentence(serve(pages.root(), {option, ""}), usage, option);
  }
}

TEST(start_up, a_number_that_is_none_is_a_usage_error) {
  site const pages;
  for (char const* option :
       {"--workers", "--idle-timeout", "--header-timeout", "--body-timeout", "--send-timeout",
        "--drain-timeout", "--request-line-max", "--field-section-max", "--field-count-max",
        "--body-max", "--connections-max", "--cache-size", "--memory-max"}) {
    for (char const* value :
         {"-1", "1.5", "1e3", "0x10", "a", "", " 1", "1 ", "10s", "99999999999999999999"}) {
      SCOPED_TRACE(std::string(option) + " '" + value + "'");
      expect_sentence(serve(pages.root(), {std::string(option) + "=" + value}), usage, option);
    }
    SCOPED_TRACE(std::string(option) + " without a value");
    expect_sentence(serve(pages.root(), {option}), usage, option);
  }
}

TEST(start_up, a_number_out_of_bounds_is_a_usage_error) {
  site const pages;
  for (char const* option :
       {"--idle-timeout", "--header-timeout", "--body-timeout", "--send-timeout",
        "--request-line-max", "--field-section-max", "--field-count-max", "--connections-max"}) {
    expect_sentence(serve(pages.root(), {option, "0"}), usage, option);
    expect_sentence(serve(pages.root(), {option, "999999999999999"}), usage, option);
  }
  program_options options;
  options.arguments = serve_arguments(pages.root(), {});
  options.environment = {{"QUIRE_IDLE_TIMEOUT", "never"}};
  expect_sentence(run(options), usage, "never");
}

TEST(start_up, an_address_that_is_none_is_a_usage_error) {
  site const pages;
  for (char const* address :
       {"", "127.0.0.1:", "127.0.0.1:x", "127.0.0.1:65536", "127.0.0.1:-1", "127.0.0.256:80",
        "127.0.0.1:80:80", "::1:80", "[::1]", "[::1]80", "[::1:80", "localhost:80", "127.0.0.1:80 ",
        "http://127.0.0.1:80", "[127.0.0.1]:80", ":::80"}) {
    SCOPED_TRACE(address);
    expect_sentence(serve(pages.root(), {std::string("--listen=") + address}), usage, "--listen");
  }
}

}  // namespace
}  // namespace quire::test
